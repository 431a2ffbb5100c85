#include "support/toml_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace troupe {
namespace {

bool must_be_escaped(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// A literal string, where nothing is escaped: easier to read where there are quotes or backslashes.
bool fits_literal_string(std::string_view text) {
  return text.find_first_of("\"\\") != std::string_view::npos &&
         std::ranges::none_of(text, [](char c) { return c == '\'' || must_be_escaped(c); });
}

}  // namespace

std::string toml_text(std::string_view text) {
  if (fits_literal_string(text)) return fmt::format("'{}'", text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (must_be_escaped(c)) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string toml_key(std::string_view name) {
  const bool bare = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? std::string(name) : toml_text(name);
}

std::string toml_comment(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(line, must_be_escaped, ' ');
  return line;
}

}  // namespace troupe
