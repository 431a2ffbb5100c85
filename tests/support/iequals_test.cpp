#include "support/iequals.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <tuple>
#include <vector>

using troupe::iequals;

TEST_CASE("Names are the same whatever the case of their ASCII letters, and of nothing else") {
  const auto [one, other, same] =
      GENERATE(table<std::string, std::string, bool>({{"", "", true},
                                                      {"Path", "pATH", true},
                                                      {"path", "paths", false},
                                                      {"@[`{", "`{@[", false},
                                                      {"\xc3\xa4", "\xc3\x84", false},
                                                      {"a", "", false}}));
  // Buffers of their own sizes: what is read behind them, a sanitizer sees.
  const std::vector<char> left(one.begin(), one.end()), right(other.begin(), other.end());
  CHECK(iequals({left.data(), left.size()}, {right.data(), right.size()}) == same);
}
