#include "schema/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace troupe::schema {

namespace {

template <class Float>
void append_any(Float value, std::string& out) {
  // The bounds are those of Python's repr. Within them a fixed form has at most 17 digits, 4 zeros, a sign
  // and a point.
  const Float magnitude = std::abs(value);
  const bool fixed = magnitude == 0 || (magnitude >= Float(1e-4) && magnitude < Float(1e16));
  std::array<char, 40> text;
  const auto format = fixed ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, format).ptr;
  const auto length = static_cast<std::size_t>(end - text.data());
  out.append(text.data(), length);
  if (fixed && std::memchr(text.data(), '.', length) == nullptr) out += ".0";
}

// A number of at most 15 digits is its own shortest text, since no two of them are the same double. So one
// with two decimals, as prices are, needs no search: false when it is none.
bool append_hundredths(double value, std::string& out) {
  const double hundredths = std::nearbyint(value * 100);
  if (!(std::abs(hundredths) < 1e15) || hundredths == 0 || hundredths / 100 != value) return false;
  const auto digits = static_cast<std::uint64_t>(std::abs(hundredths));
  std::array<char, 24> text;
  char* end = text.data();
  if (value < 0) *end++ = '-';
  end = std::to_chars(end, text.data() + text.size(), digits / 100).ptr;
  *end++ = '.';
  *end++ = static_cast<char>('0' + digits / 10 % 10);
  if (digits % 10 != 0) *end++ = static_cast<char>('0' + digits % 10);
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

void append_number(double value, std::string& out) {
  if (!append_hundredths(value, out)) append_any(value, out);
}

void append_number(float value, std::string& out) {
  append_any(value, out);
}

std::optional<double> read_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return std::nullopt;
  // from_chars does not say on which side of its range the text lies; strtod does.
  if (error == std::errc::result_out_of_range) return std::strtod(std::string(text).c_str(), nullptr);
  return value;
}

}  // namespace troupe::schema
