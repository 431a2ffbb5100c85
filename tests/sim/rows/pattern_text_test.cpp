#include "sim/rows/pattern_text.hpp"

#include <re2/re2.h>
#include <catch2/catch.hpp>
#include <set>

#include "support/random.hpp"

using namespace troupe;
using namespace troupe::sim;

TEST_CASE("a text that is made for a pattern matches it") {
  const std::string pattern = GENERATE(
      "^[A-Z]{2}-\\d{4}$", "^(?:red|green|blue)$", "^[a-z0-9._-]+@example\\.com$", "^\\w{3,5}$", "abc?",
      "^(a|b(c|d)*)+$", "x{2,}", "^[\\d\\-]+$", "", "^$", "[-a]", "^\\+\\d{1,3} \\d{6}$", "^[]a]$");
  CAPTURE(pattern);
  const auto text = PatternText::parse(pattern).value();
  const re2::RE2 judge(pattern);
  Rng rng(1);
  for (int i = 0; i < 200; ++i) {
    std::string out;
    text.append([&](std::uint64_t count) { return rng.below(count); }, out);
    CAPTURE(out);
    CHECK(re2::RE2::PartialMatch(out, judge));
  }
}

TEST_CASE("what a pattern has beyond the known syntax is named") {
  const auto [pattern, message] =
      GENERATE(table<std::string, std::string>({{"[^a]", "[^…]"},
                                                {"\\bx", "\\b"},
                                                {"(?i)x", "(?…)"},
                                                {"a**", "a second repetition sign"},
                                                {"*a", "'*' behind nothing"},
                                                {"(a", "a group that is not closed"},
                                                {"a)", "')'"},
                                                {"[a", "this ["},
                                                {"a{x}", "'{'"},
                                                {"a{2", "'{'"},
                                                {"a{2000}", "'{'"},
                                                {"é", "a character beyond ASCII"},
                                                {"a\\", "a character beyond ASCII"}}));
  CAPTURE(pattern);
  const auto text = PatternText::parse(pattern);
  REQUIRE(text.has_error());
  CHECK(text.error().message == message);
}

TEST_CASE("texts are as different as the choices for them") {
  const auto text = PatternText::parse("^[A-Z]{2}\\d{2}$").value();
  std::set<std::string> seen;
  for (std::uint64_t n = 0; n < 26 * 26 * 100; ++n) {
    auto left = n;
    std::string out;
    text.append(
        [&](std::uint64_t count) {
          const auto digit = left % count;
          left /= count;
          return digit;
        },
        out);
    seen.insert(out);
  }
  CHECK(seen.size() == 26 * 26 * 100);
}
