#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

#include "schema/json_repair.hpp"
#include "schema/number_text.hpp"
#include "schema/text.hpp"

using namespace troupe::schema;
using namespace std::string_literals;

TEST_CASE("characters are counted as code points") {
  const auto [text, characters] = GENERATE(table<std::string, std::size_t>({
      {"", 0},
      {"a", 1},
      {"exactly8", 8},
      {"more than eight", 15},
      {"äöü", 3},
      {"€", 1},
      {"😀😀", 2},
      {"eight ab😀 and more", 18},
      {"e\u0301", 2},  // a combining accent is a code point of its own
      {"\u007F\u0080\u07FF\u0800\uFFFF\U00010000\U0010FFFF", 7},
  }));
  const TextFacts facts = inspect_text(text);
  CAPTURE(text);
  CHECK(facts.valid_utf8);
  CHECK_FALSE(facts.has_nul);
  CHECK(facts.characters == characters);
}

TEST_CASE("what RFC 3629 forbids is not valid UTF-8, wherever it stands") {
  const auto bad =
      GENERATE(as<std::string>(), "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\x80",
               "\xE0\x9F\xBF", "\xE2\x82", "\xE2\x28\xA1", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80",
               "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF");
  const auto before = GENERATE(as<std::string>(), "", "seven c", "eight ch", "ä");
  CHECK_FALSE(inspect_text(before + bad).valid_utf8);
  CHECK_FALSE(inspect_text(before + bad + "behind it").valid_utf8);
}

TEST_CASE("a U+0000 is found anywhere") {
  const auto position = GENERATE(range(0, 20));
  std::string text(20, 'x');
  text[static_cast<std::size_t>(position)] = '\0';
  CHECK(inspect_text(text).has_nul);
  CHECK(inspect_text("\xFF"s + text).has_nul);
}

TEST_CASE("numbers are laid out as Python's repr does") {
  const auto [number, expected] = GENERATE(table<double, std::string>({
      {0.0, "0.0"},
      {1.0, "1.0"},
      {19.99, "19.99"},
      {0.1, "0.1"},
      {100000.0, "100000.0"},
      {123456789.0, "123456789.0"},
      {9007199254740993.0, "9007199254740992.0"},
      {9999999999999998.0, "9999999999999998.0"},
      {1e16, "1e+16"},
      {1e22, "1e+22"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {0.0001, "0.0001"},
      {0.00012345678901234567, "0.00012345678901234567"},
      {0.00001, "1e-05"},
      {5e-324, "5e-324"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
      {-1.5, "-1.5"},
  }));
  std::string out;
  append_number(number, out);
  CHECK(out == expected);
  CHECK(read_number(out) == number);
}

TEST_CASE("a number's text is the shortest that reads as it, however many decimals it has") {
  const auto decimals = GENERATE(0, 1, 2, 3, 5);
  const auto digits = GENERATE(1, 4, 9, 13, 15, 17);
  std::mt19937_64 random(static_cast<unsigned>(100 * decimals + digits));
  for (int i = 0; i < 2000; ++i) {
    const auto whole = static_cast<double>(random() % static_cast<std::uint64_t>(std::pow(10, digits)));
    const double number = (i % 2 == 0 ? whole : -whole) / std::pow(10, decimals);
    if (std::abs(number) >= 1e16 || (number != 0 && std::abs(number) < 1e-4)) continue;
    std::array<char, 64> text;
    auto end = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed).ptr;
    std::string shortest(text.data(), end);
    if (shortest.find('.') == std::string::npos) shortest += ".0";
    std::string out;
    append_number(number, out);
    if (out != shortest) FAIL(out << " is not " << shortest);
  }
}

TEST_CASE("a number beyond a double's range reads as infinite or zero") {
  CHECK(read_number("1e999") == std::numeric_limits<double>::infinity());
  CHECK(read_number("-1e999") == -std::numeric_limits<double>::infinity());
  CHECK(read_number("1.7976931348623159e308") == std::numeric_limits<double>::infinity());
  CHECK(read_number("1e-999") == 0.0);
}

TEST_CASE("what is not wholly a number does not read as one") {
  const auto text = GENERATE(as<std::string>(), "", " ", "1 ", " 1", "+1", "1,5", "0x10", "1e", "one", "--1");
  CAPTURE(text);
  CHECK_FALSE(read_number(text).has_value());
}

TEST_CASE("repairing JSON touches only what has one clear meaning") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {R"([NaN,Infinity,-Infinity])", R"([1e000998,1e000999,-1e000999])"},
      {R"(NaN)", R"(1e000998)"},
      {R"({"NaN":"Infinity \" NaN"})", R"({"NaN":"Infinity \" NaN"})"},
      {R"([NaNs, xNaN, 1NaN, Infinity1, .NaN])", R"([NaNs, xNaN, 1NaN, Infinity1, .NaN])"},
      {R"(["\ud800"])", "[\"\xFF\"]"},
      {R"(["\udc00 \uDBFF"])", "[\"\xFF \xFF\"]"},
      {R"(["\ud83d\ude00"])", R"(["\ud83d\ude00"])"},
      {R"(["\ud800\ud83d\ude00"])", "[\"\xFF\\ud83d\\ude00\"]"},
      {R"(["\\ud800"])", R"(["\\ud800"])"},
      {R"(["\ud8zz"])", R"(["\ud8zz"])"},
      {R"(["\ud8)", R"(["\ud8)"},
      {R"(["\)", R"(["\)"},
      {R"([1e99999999999,1E-99999999999,1e+99999999999])", R"([1e999999999,1E-999999999,1e+999999999])"},
      {R"([1e0000000000001, true, 1e5, 1e])", R"([1e0000000000001, true, 1e5, 1e])"},
      {"", ""},
  }));
  CHECK(repair_json(text) == expected);
}
