#pragma once

#include <array>
#include <bit>
#include <boost/endian/conversion.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "schema/column.hpp"

// Elements of PostgreSQL's binary arrays, as Codec::read appends them, and the faults that it tells instead.

namespace troupe::schema {

using MaybeFault = std::optional<ValueFault>;

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
