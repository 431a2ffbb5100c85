#include "support/exposure_rows.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <tuple>

#include "support/settings_load.hpp"
#include "support/settings_table.hpp"

using namespace troupe;

TEST_CASE("an origin is a scheme, a host and perhaps a port, as a browser sends it") {
  const auto [text, right] = GENERATE(table<std::string, bool>({
      {"https://shop.example", true},
      {"http://localhost:3000", true},
      {"http://127.0.0.1:8080", true},
      {"https://[2001:db8::1]", true},
      {"https://[::1]:8443", true},
      {"chrome-extension://abcdef", true},
      {"", false},
      {"shop.example", false},
      {"https://", false},
      {"https://shop.example/", false},
      {"https://shop.example/path", false},
      {"https://Shop.example", false},
      {"HTTPS://shop.example", false},
      {"https://shop.example:443", false},
      {"http://shop.example:80", false},
      {"http://shop.example:0", false},
      {"http://shop.example:65536", false},
      {"http://shop.example:x", false},
      {"https://*.shop.example", false},
      {"https://user@shop.example", false},
      {"https://shop.example, https://b.example", false},
      {"https://[::1", false},
      {"https://[]", false},
      {"https://[::1]x", false},
      {"null", false},
      {"*", false},
  }));
  CAPTURE(text);
  CHECK(is_origin(text) == right);
}

TEST_CASE("origins are a list without spaces, a star alone, or none") {
  const auto [text, right] = GENERATE(table<std::string, bool>({
      {"", true},
      {"*", true},
      {"https://a.example,http://b.example:81", true},
      {"*,https://a.example", false},
      {"https://a.example,", false},
      {"https://a.example https://b.example", false},
  }));
  CAPTURE(text);
  Settings settings;
  CHECK(set_setting(settings, "cors.origins", text).has_value() == right);
}

TEST_CASE("credentials need origins that are named") {
  const FlagValues any{{"cors.origins", "*"}, {"cors.credentials", "true"}};
  const auto refused = merge_settings(any, {}, std::nullopt);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("cors.credentials (flag --cors-credentials)") != std::string::npos);
  const FlagValues named{{"cors.origins", "https://a.example"}, {"cors.credentials", "true"}};
  CHECK(merge_settings(named, {}, std::nullopt).has_value());
}
