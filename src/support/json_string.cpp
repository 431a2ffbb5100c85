#include "support/json_string.hpp"

#include <cstddef>

#include "support/byte_block.hpp"

namespace troupe {
namespace {

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// Length of the part of `text` from `start` that can be copied as it is.
std::size_t plain_run(std::string_view text, std::size_t start) {
  std::size_t i = start;
  while (i + ByteBlock::size <= text.size()) {
    const ByteBlock block(text, i);
    if (block.any_below(0x20) || block.any_equal('"') || block.any_equal('\\')) break;
    i += ByteBlock::size;
  }
  while (i < text.size() && !needs_escape(text[i])) ++i;
  return i - start;
}

void append_escape(char c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      constexpr std::string_view digits = "0123456789abcdef";
      out += "\\u00";
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 0xF];
  }
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  std::size_t i = plain_run(text, 0);
  const auto begin = out.size();
  out.resize(begin + i + 2, '"');  // at once, since most texts are nothing but plain
  text.copy(out.data() + begin + 1, i);
  if (i == text.size()) return;
  out.pop_back();
  while (i < text.size()) {
    const std::size_t run = plain_run(text, i);
    out.append(text, i, run);
    i += run;
    if (i < text.size()) append_escape(text[i++], out);
  }
  out += '"';
}

}  // namespace troupe
