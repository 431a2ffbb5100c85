#include "http/auth/base64url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace troupe::http {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t no_digit = 255;

constexpr auto make_values() {
  std::array<std::uint8_t, 256> values{};
  std::ranges::fill(values, no_digit);
  for (std::size_t i = 0; i < digits.size(); ++i)
    values[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
  return values;
}

constexpr auto values = make_values();

}  // namespace

std::optional<std::string> decode_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t gathered = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const auto value = values[static_cast<unsigned char>(c)];
    if (value == no_digit) return std::nullopt;
    gathered = gathered << 6 | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(gathered >> bits & 0xff);
  }
  if ((gathered & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

std::string base64url_of(std::string_view bytes) {
  std::string text;
  std::uint32_t gathered = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    gathered = gathered << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) text += digits[gathered >> (bits - 6) & 63];
  }
  if (bits > 0) text += digits[gathered << (6 - bits) & 63];
  return text;
}

}  // namespace troupe::http
