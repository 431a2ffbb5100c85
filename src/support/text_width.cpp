#include "support/text_width.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace troupe {
namespace {

/// The first byte of a character; the others of UTF-8 begin with the bits 10.
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

}  // namespace

std::size_t text_width(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), begins_character));
}

std::string one_line(std::string_view utf8) {
  std::string out;
  for (const char c : utf8) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string cut_to_width(std::string_view utf8, std::size_t columns) {
  if (text_width(utf8) <= columns) return std::string(utf8);
  if (columns == 0) return {};
  std::size_t characters = 0;
  std::size_t end = 0;
  while (end < utf8.size() && !(begins_character(utf8[end]) && characters++ == columns - 1)) ++end;
  return std::string(utf8.substr(0, end)) + "…";
}

}  // namespace troupe
