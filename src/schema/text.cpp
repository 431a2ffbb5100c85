#include "schema/text.hpp"

#include "support/byte_block.hpp"

namespace troupe::schema {
namespace {

bool in_range(unsigned char byte, unsigned char first, unsigned char last) {
  return first <= byte && byte <= last;
}

/// Bytes of the multi-byte character that starts `text`, 0 when it is none: the table of RFC 3629 section 4.
std::size_t multi_byte_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto is_tail = [&](std::size_t i) { return i < text.size() && in_range(byte(i), 0x80, 0xBF); };
  const unsigned char lead = byte(0);
  if (!is_tail(1)) return 0;
  if (in_range(lead, 0xC2, 0xDF)) return 2;
  if (in_range(lead, 0xE0, 0xEF)) {
    if (lead == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
    if (lead == 0xED && byte(1) > 0x9F) return 0;  // a surrogate
    return is_tail(2) ? 3 : 0;
  }
  if (in_range(lead, 0xF0, 0xF4)) {
    if (lead == 0xF0 && byte(1) < 0x90) return 0;  // overlong
    if (lead == 0xF4 && byte(1) > 0x8F) return 0;  // beyond U+10FFFF
    return is_tail(2) && is_tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

TextFacts inspect_text(std::string_view text) {
  TextFacts facts;
  std::size_t i = 0;
  while (i < text.size()) {
    if (i + ByteBlock::size <= text.size()) {
      const ByteBlock block(text, i);
      if (!block.any_not_ascii() && !block.any_equal('\0')) {
        i += ByteBlock::size;
        facts.characters += ByteBlock::size;
        continue;
      }
    }
    std::size_t length = 1;
    if (static_cast<unsigned char>(text[i]) >= 0x80) {
      length = multi_byte_length(text.substr(i));
      if (length == 0) {
        facts.valid_utf8 = false;
        length = 1;  // go on: a U+0000 behind it is another fault
      }
    } else if (text[i] == '\0') {
      facts.has_nul = true;
    }
    i += length;
    ++facts.characters;
  }
  return facts;
}

}  // namespace troupe::schema
