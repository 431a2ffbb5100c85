#include "http/api/pages/html.hpp"

#include <array>

namespace troupe::http {
namespace {

/// What stands for a byte; empty: itself. A carriage return would be read as a line feed.
constexpr std::string_view replacement(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '\r':
      return "&#13;";
    default:
      return {};
  }
}

constexpr auto special_bytes = [] {
  std::array<bool, 256> special{};
  for (std::size_t byte = 0; byte < special.size(); ++byte)
    special[byte] = !replacement(static_cast<char>(byte)).empty();
  return special;
}();

}  // namespace

void append_html(std::string_view text, std::string& out) {
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!special_bytes[static_cast<unsigned char>(text[i])]) continue;
    out.append(text, copied, i - copied);
    out += replacement(text[i]);
    copied = i + 1;
  }
  out.append(text, copied, text.size() - copied);
}

std::string html_of(std::string_view text) {
  std::string out;
  append_html(text, out);
  return out;
}

std::string_view front_of(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  const auto continues = [&](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80; };
  while (bytes > 0 && continues(bytes)) --bytes;
  return text.substr(0, bytes);
}

}  // namespace troupe::http
