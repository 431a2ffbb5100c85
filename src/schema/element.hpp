#pragma once

#include <array>
#include <bit>
#include <boost/endian/conversion.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/column.hpp"

// Values in the form of elements of PostgreSQL's binary arrays (array_send): the length as a big-endian
// int32, -1 for null, then the bytes. A run of them is a row, or what a command carries. Codec::read appends
// them, or tells a fault.

namespace troupe::schema {

using MaybeFault = std::optional<ValueFault>;

constexpr std::size_t element_header = 4;

/// The length of the value of the element that begins here, as it stands: -1 for null.
inline std::int32_t element_length(const char* element) {
  return boost::endian::load_big_s32(reinterpret_cast<const unsigned char*>(element));
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

/// An integer in 2, 4 or 8 bytes, as PostgreSQL sends it; 0 of any other size.
inline std::int64_t integer_of(std::string_view wire) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(wire.data());
  switch (wire.size()) {
    case 2:
      return boost::endian::load_big_s16(bytes);
    case 4:
      return boost::endian::load_big_s32(bytes);
    case 8:
      return boost::endian::load_big_s64(bytes);
    default:
      return 0;
  }
}

/// The same as bytes: what PostgreSQL would send.
inline std::string wire_integer(std::int64_t value, std::size_t bytes = 8) {
  std::string wire;
  for (std::size_t i = bytes; i-- > 0;) wire += static_cast<char>(value >> (8 * i) & 0xff);
  return wire;
}

inline void append_null_element(std::string& out) {
  out.append(4, '\xFF');
}

inline void append_boolean_element(bool flag, std::string& out) {
  const std::array<char, 5> bytes = {0, 0, 0, 1, static_cast<char>(flag)};
  out.append(bytes.data(), bytes.size());
}

inline void append_integer_element(std::int64_t value, std::string& out) {
  std::array<unsigned char, 12> bytes = {0, 0, 0, 8};
  boost::endian::store_big_s64(bytes.data() + 4, value);
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

inline void append_real_element(double value, std::string& out) {
  append_integer_element(std::bit_cast<std::int64_t>(value), out);
}

/// Room for the length of an element whose bytes follow; tells `end_element` where.
inline std::size_t begin_element(std::string& out) {
  out.append(4, '\0');
  return out.size();
}

inline void end_element(std::size_t begin, std::string& out) {
  boost::endian::store_big_s32(reinterpret_cast<unsigned char*>(out.data() + begin - 4),
                               static_cast<std::int32_t>(out.size() - begin));
}

inline void append_text_element(std::string_view text, std::string& out) {
  const std::size_t begin = begin_element(out);
  out += text;
  end_element(begin, out);
}

inline MaybeFault value_fault(std::string_view type, std::string rule) {
  return ValueFault{std::string(type), std::move(rule)};
}

/// The value is of another type, or null where it must not be.
inline MaybeFault type_fault(std::string_view type, std::string_view rule, const Column& column) {
  return value_fault(type, std::string(rule) + (column.nullable ? " or null" : ""));
}

/// Takes a null where the column does. False: the value is something else, or a null that is a fault.
inline bool take_null(const Scalar& value, const Column& column, std::string& out) {
  if (value.kind != Scalar::Kind::null || !column.nullable) return false;
  append_null_element(out);
  return true;
}

}  // namespace troupe::schema
