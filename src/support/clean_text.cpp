#include "support/clean_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace troupe {
namespace {

/// How many bytes the character at the front takes in UTF-8 (RFC 3629); 0: it is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const auto first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 0 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Longer than need be, a surrogate, or beyond the last character.
  const bool bad = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ||
                   (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F);
  return bad ? 0 : length;
}

/// Terminals take C1 (U+0080 to U+009F) for orders, too.
bool is_control(std::string_view character) {
  const auto first = static_cast<std::uint8_t>(character.front());
  if (character.size() == 2) return first == 0xC2 && static_cast<std::uint8_t>(character[1]) < 0xA0;
  return character.size() == 1 && ((first < 0x20 && first != '\n' && first != '\t') || first == 0x7F);
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto character = text.substr(0, character_length(text));
    if (character.empty() || (is_control(character) && character != "\r")) {
      out += '?';
    } else if (character != "\r") {
      out += character;
    }
    text.remove_prefix(std::max<std::size_t>(character.size(), 1));
  }
  return out;
}

std::string clean_line(std::string_view text) {
  std::string out;
  for (const char c : clean_text(text)) {
    if (c == '\n' || c == '\t')
      out += c == '\n' ? "\\n" : "\\t";
    else
      out += c;
  }
  return out;
}

}  // namespace troupe
