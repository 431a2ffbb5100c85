#pragma once

#include <string_view>

namespace troupe {

/// `c` is one of 0 to 9, whatever the locale says.
constexpr bool is_digit(char c) {
  return '0' <= c && c <= '9';
}

/// `text` without the spaces and tabs around it (OWS, RFC 9110 section 5.6.3).
constexpr std::string_view trim_whitespace(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace troupe
