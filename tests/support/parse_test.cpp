#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "support/parse.hpp"
#include "support/suggest.hpp"
#include "support/units.hpp"

using namespace std::chrono_literals;
using troupe::format_duration;
using troupe::format_size;
using troupe::nearest;
using troupe::parse_count;
using troupe::parse_duration;
using troupe::parse_share;
using troupe::parse_size;

TEST_CASE("a whole duration is read from its parts and printed in the largest unit that fits", "[parse]") {
  struct Row {
    std::string_view text;
    std::chrono::milliseconds value;
    std::string_view printed;
  };
  const auto row = GENERATE(values<Row>({{"250ms", 250ms, "250ms"},
                                         {"10s", 10s, "10s"},
                                         {"1.5s", 1'500ms, "1500ms"},
                                         {"60s", 1min, "1m"},
                                         {"90s", 90s, "90s"},
                                         {"1m", 1min, "1m"},
                                         {"24h", 24h, "24h"},
                                         {"1h30m", 90min, "90m"},
                                         {"1m0s1ms", 60'001ms, "60001ms"},
                                         {"10000h", 10'000h, "10000h"},
                                         {"0", 0ms, "0ms"},
                                         {"0s", 0ms, "0ms"}}));
  CAPTURE(row.text);
  const auto value = parse_duration(row.text);
  REQUIRE(value.has_value());
  CHECK(*value == row.value);
  CHECK(format_duration(row.value) == row.printed);
}

TEST_CASE("a duration may have decimals and microseconds", "[parse]") {
  CHECK(parse_duration("5us").value() == 5us);
  CHECK(parse_duration("1.5ms").value() == 1'500us);
  CHECK(parse_duration("1s500ms").value() == 1'500ms);
}

TEST_CASE("what is not exactly a duration is refused", "[parse]") {
  const auto text = GENERATE(as<std::string>{}, "", "10", "s", "-1s", "+1s", " 1s", "1s ", "1 s", "1S", "1d",
                             "1s30", "99999999999999999h", "10001h", "9223372036854775807ms1ms", "1e3s",
                             "1e999s", "nans", "infs", "5sec", "h1", "1..5s");
  CAPTURE(text);
  CHECK_FALSE(parse_duration(text).has_value());
}

TEST_CASE("a share is a number or a percentage, and not negative", "[parse]") {
  CHECK(parse_share("0.05").value() == 0.05);
  CHECK(parse_share("5%").value() == 0.05);
  CHECK(parse_share(" 5 %").value() == 0.05);
  CHECK(parse_share("200%").value() == 2);
  for (const auto* text : {"", "%", "five", "-1%", "-0.1", "5%%", "nan"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_share(text).has_value());
  }
}

TEST_CASE("a size is read in binary units or plain bytes and printed in the largest unit that fits",
          "[parse]") {
  struct Row {
    std::string_view text;
    std::uint64_t value;
    std::string_view printed;
  };
  const auto row = GENERATE(values<Row>({{"16KiB", 16'384, "16KiB"},
                                         {"16384", 16'384, "16KiB"},
                                         {"1MiB", 1'048'576, "1MiB"},
                                         {"2GiB", 2'147'483'648, "2GiB"},
                                         {"512B", 512, "512B"},
                                         {"1000", 1'000, "1000B"},
                                         {"0", 0, "0B"}}));
  CAPTURE(row.text);
  const auto value = parse_size(row.text);
  REQUIRE(value.has_value());
  CHECK(*value == row.value);
  CHECK(format_size(*value) == row.printed);
}

TEST_CASE("what is not exactly a size is refused", "[parse]") {
  const auto text = GENERATE(as<std::string>{}, "", "KiB", "1KB", "1k", "1.5MiB", "-1", "1MiB1KiB", "1 KiB",
                             "99999999999GiB", "18446744073709551616");
  CAPTURE(text);
  CHECK_FALSE(parse_size(text).has_value());
}

TEST_CASE("a count is digits and nothing else", "[parse]") {
  CHECK(parse_count("0").value() == 0);
  CHECK(parse_count("4096").value() == 4'096);
  const auto text =
      GENERATE(as<std::string>{}, "", "-1", "+1", "1.0", "0x10", "1_000", " 1", "1 ", "18446744073709551616");
  CAPTURE(text);
  CHECK_FALSE(parse_count(text).has_value());
}

TEST_CASE("a suggestion is the nearest known word, and none when no word is near", "[parse]") {
  struct Row {
    std::string_view word, suggestion;
  };
  const auto row = GENERATE(values<Row>({{"prot", "port"},  // neighbours swapped count as one slip
                                         {"por", "port"},
                                         {"hots", "host"},
                                         {"header_limt", "header_limit"},
                                         {"header_timeout", "header_timeout"},
                                         {"zebra", ""},
                                         {"", ""}}));
  const std::vector<std::string_view> known{"host", "port", "header_limit", "header_timeout"};
  CAPTURE(row.word);
  CHECK(nearest(row.word, known) == row.suggestion);
}
