#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/element.hpp"

namespace troupe::schema {

// Values in the form of PostgreSQL's array elements (array_send): the length as a big-endian int32, -1 for
// null, then the bytes. A run of them is a row, or what a command carries.

constexpr std::size_t element_header = 4;

/// The length of the value at `element`, as it stands: -1 for null.
inline std::int32_t element_length(const char* element) {
  std::uint32_t length = 0;
  for (int i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(element[i]);
  return static_cast<std::int32_t>(length);
}

/// The bytes that the element takes, with its header.
inline std::size_t element_size(const char* element) {
  const auto length = element_length(element);
  return element_header + (length < 0 ? 0 : static_cast<std::size_t>(length));
}

/// Takes the first element off a run of them: its value, or nothing for null.
inline std::optional<std::string_view> take_element(std::string_view& elements) {
  const auto length = element_length(elements.data());
  const auto size = element_size(elements.data());
  const auto value = elements.substr(element_header, size - element_header);
  elements.remove_prefix(size);
  if (length < 0) return std::nullopt;
  return value;
}

inline void append_big_endian(std::uint64_t value, std::size_t bytes, std::string& out) {
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xff);
}

/// The integer in 2, 4 or 8 bytes.
inline std::int64_t integer_of(std::string_view wire) {
  std::uint64_t value = !wire.empty() && (wire.front() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const char byte : wire) value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

}  // namespace troupe::schema
