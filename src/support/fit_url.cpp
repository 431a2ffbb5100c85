#include "support/fit_url.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstddef>

#include "support/characters.hpp"

namespace troupe {
namespace {

bool is_encoded_byte(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && is_in(text[at + 1], hex_char) && is_in(text[at + 2], hex_char);
}

/// `stays` says of a position whether its byte does.
template <class Stays>
std::string encode_others(std::string_view text, const Stays& stays) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (stays(i)) {
      out += text[i];
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(text[i]));
    }
  }
  return out;
}

std::string encoded_but(std::string_view text, std::string_view kept) {
  return encode_others(text, [&](std::size_t at) {
    const char c = text[at];
    return c == '%' ? is_encoded_byte(text, at) : is_in(c, path_char) || kept.find(c) != kept.npos;
  });
}

}  // namespace

std::string as_url(std::string_view text) {
  return encoded_but(text, "?#[]");
}

std::string as_path(std::string_view text) {
  return encoded_but(text, "");
}

std::string as_ascii(std::string_view text) {
  return encode_others(text, [&](std::size_t at) { return static_cast<unsigned char>(text[at]) < 0x80; });
}

}  // namespace troupe
