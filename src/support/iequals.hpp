#pragma once

#include <algorithm>
#include <string_view>

namespace troupe {

/// Are they the same but for the case of ASCII letters? Instead of Boost.Beast's, which reads a byte behind
/// both where their case differs.
inline bool iequals(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(one, other, {}, lower, lower);
}

}  // namespace troupe
