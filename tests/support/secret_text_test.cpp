#include <catch2/catch.hpp>

#include "support/secret_text.hpp"

using namespace troupe;

TEST_CASE("values of secret names are masked wherever they stand") {
  const auto [text, masked] = GENERATE(table<std::string, std::string>({
      {R"({"user":"a","password":"b\"c","n":1})", R"({"user":"a","password":"***","n":1})"},
      {R"({"access_token" : 5, "x": [{"apiKey":"k"}]})",
       R"({"access_token" : "***", "x": [{"apiKey":"***"}]})"},
      {R"({"user":"a","password":"cut o)", R"({"user":"a","password":"***")"},
      {R"({"password":"cut \)", R"({"password":"***")"},
      {"user=a&client_secret=b&c=d", "user=a&client_secret=***&c=d"},
      {"GET /x?token=abc&y=1 HTTP/1.1", "GET /x?token=***&y=1 HTTP/1.1"},
      {"nothing to hide", "nothing to hide"},
  }));
  CHECK(mask_secrets(text) == masked);
}

TEST_CASE("fields that identify somebody are masked") {
  CHECK(mask_field("Authorization", "Bearer x") == "Authorization: ***");
  CHECK(mask_field("set-cookie", "a=b") == "set-cookie: ***");
  CHECK(mask_field("X-Api-Key", "a") == "X-Api-Key: ***");
  CHECK(mask_field("Accept", "text/html") == "Accept: text/html");
}
