#include "schema/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace troupe::schema {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned char no_digit = 64;

using Values = std::array<unsigned char, 256>;

constexpr Values values_of(std::string_view digits) {
  Values values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    values[static_cast<unsigned char>(digits[i])] = static_cast<unsigned char>(i);
  }
  return values;
}
constexpr Values values = values_of(alphabet), url_values = values_of(url_alphabet);

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
}

/// Without padding where `pad` is none.
void append(std::string_view bytes, std::string_view digits, std::string_view pad, std::string& out) {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
    const std::size_t there = bytes.size() - i;
    out += digits[group >> 18];
    out += digits[group >> 12 & 63];
    out += there > 1 ? digits.substr(group >> 6 & 63, 1) : pad;
    out += there > 2 ? digits.substr(group & 63, 1) : pad;
  }
}

/// Appends what digits without padding stand for, and gives the bits behind the last byte; nothing: they are
/// none.
std::optional<std::uint32_t> decode(std::string_view text, const Values& values_of_digits, std::string& out) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const unsigned char value = values_of_digits[static_cast<unsigned char>(c)];
    if (value == no_digit) return std::nullopt;
    group = group << 6 | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(group >> bits & 0xFF);
  }
  return group & ((1U << bits) - 1);
}

}  // namespace

void append_base64(std::string_view bytes, std::string& out) {
  append(bytes, alphabet, "=", out);
}

bool decode_base64(std::string_view text, std::string& out) {
  if (text.size() % 4 == 0 && text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  return decode(text, values, out).has_value();
}

std::string base64url_of(std::string_view bytes) {
  std::string out;
  append(bytes, url_alphabet, {}, out);
  return out;
}

std::optional<std::string> decode_base64url(std::string_view text) {
  std::string bytes;
  const auto rest = decode(text, url_values, bytes);
  return rest == 0U ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace troupe::schema
