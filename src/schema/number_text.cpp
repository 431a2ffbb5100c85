#include "schema/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
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

}  // namespace

void append_number(double value, std::string& out) {
  append_any(value, out);
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
