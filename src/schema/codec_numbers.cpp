#include "schema/codec_numbers.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "schema/decimal.hpp"
#include "schema/element.hpp"
#include "schema/msgpack_text.hpp"
#include "schema/number_text.hpp"
#include "support/iequals.hpp"

namespace troupe::schema {
namespace {

MaybeFault read_boolean(const Scalar& value, const Column& column, std::string& out) {
  if (value.kind == Scalar::Kind::boolean) {
    append_boolean_element(value.flag, out);
    return std::nullopt;
  }
  if (take_null(value, column, out)) return std::nullopt;
  return type_fault("bool_type", "must be true or false", column);
}

MaybeFault parse_boolean(std::string_view text, const Column&, std::string& out) {
  // Any case: Python's str(True) is "True".
  const bool yes = text == "1" || iequals(text, "true");
  if (!yes && text != "0" && !iequals(text, "false")) {
    return value_fault("bool_parsing", "must be true, false, 1 or 0");
  }
  append_boolean_element(yes, out);
  return std::nullopt;
}

bool boolean_of(std::string_view wire) {
  return !wire.empty() && wire.front() != 0;
}

void write_json_boolean(std::string_view wire, const Column&, std::string& out) {
  out += boolean_of(wire) ? "true" : "false";
}

void write_msgpack_boolean(std::string_view wire, const Column&, std::string& out) {
  out += boolean_of(wire) ? '\xC3' : '\xC2';
}

/// The range of a column of so many bits.
struct Range {
  std::int64_t lowest, highest;
  explicit Range(int bits)
      : lowest(std::numeric_limits<std::int64_t>::min() >> (64 - bits)),
        highest(std::numeric_limits<std::int64_t>::max() >> (64 - bits)) {}
};

MaybeFault out_of_range(bool below, const Range& range) {
  return below ? value_fault("greater_than_equal",
                             "must be greater than or equal to " + std::to_string(range.lowest))
               : value_fault("less_than_equal",
                             "must be less than or equal to " + std::to_string(range.highest));
}

/// A whole number in a longer form: "1.0", "2e3". Appends it, or tells its fault.
MaybeFault append_whole(const Decimal& number, const Column& column, std::string& out) {
  const Range range(column.type.bits);
  if (number.zero()) {
    append_integer_element(0, out);
    return std::nullopt;
  }
  if (number.magnitude() > 19) return out_of_range(number.negative(), range);
  const auto whole_digits = static_cast<std::size_t>(std::max<std::int64_t>(number.magnitude(), 0));
  for (std::size_t i = whole_digits; i < number.digits(); ++i) {
    if (number.digit(i) != '0') return type_fault("int_type", "must be an integer", column);
  }
  std::uint64_t magnitude = 0;  // 19 digits fit
  for (std::size_t i = 0; i < whole_digits; ++i) {
    magnitude = magnitude * 10 + static_cast<std::uint64_t>(number.digit(i) - '0');
  }
  const std::uint64_t most = static_cast<std::uint64_t>(range.highest) + (number.negative() ? 1 : 0);
  if (magnitude > most) return out_of_range(number.negative(), range);
  append_integer_element(static_cast<std::int64_t>(number.negative() ? 0 - magnitude : magnitude), out);
  return std::nullopt;
}

MaybeFault read_integer(const Scalar& value, const Column& column, std::string& out) {
  if (take_null(value, column, out)) return std::nullopt;
  const bool digits = value.kind == Scalar::Kind::text && column.as_string;  // as it is shown
  if (value.kind != Scalar::Kind::number && !digits)
    return type_fault("int_type", "must be an integer", column);
  if (column.rules.min || column.rules.max) {
    const auto number = Decimal::read(value.text);
    if (!number) return type_fault("int_type", "must be an integer", column);
    if (auto fault = check_bounds(*number, column.rules)) return fault;
  }
  std::int64_t whole = 0;
  const char* const last = value.text.data() + value.text.size();
  const auto [end, error] = std::from_chars(value.text.data(), last, whole);
  if (error == std::errc() && end == last) {
    const Range range(column.type.bits);
    if (whole < range.lowest || whole > range.highest) return out_of_range(whole < 0, range);
    append_integer_element(whole, out);
    return std::nullopt;
  }
  const auto number = Decimal::read(value.text);
  if (!number) return type_fault("int_type", "must be an integer", column);  // NaN, an infinity
  return append_whole(*number, column, out);
}

MaybeFault parse_integer(std::string_view text, const Column& column, std::string& out) {
  std::int64_t whole = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, whole);
  if (error == std::errc::invalid_argument || end != last) {
    return value_fault("int_parsing", "must be an integer");
  }
  const Range range(column.type.bits);
  if (error == std::errc::result_out_of_range || whole < range.lowest || whole > range.highest) {
    return out_of_range(text.front() == '-', range);
  }
  append_integer_element(whole, out);
  return std::nullopt;
}

void write_json_integer(std::string_view wire, const Column& column, std::string& out) {
  std::array<char, 20> text;  // -9223372036854775808
  const auto end = std::to_chars(text.data(), text.data() + text.size(), integer_of(wire)).ptr;
  if (column.as_string) out += '"';
  out.append(text.data(), end);
  if (column.as_string) out += '"';
}

void write_msgpack_integer(std::string_view wire, const Column&, std::string& out) {
  StringSink sink{out};
  MsgpackPacker(sink).pack_int64(integer_of(wire));
}

/// "NaN", "Infinity" and "-Infinity", as PostgreSQL spells them.
std::optional<double> named_real(std::string_view text) {
  if (text == "NaN" || text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity" || text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity" || text == "-inf") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

/// What no bounds hold may be NaN or infinite; a column with bounds has only numbers that can be compared.
bool takes_named(const Column& column) {
  return !column.rules.min && !column.rules.max;
}

/// Appends a finite number in the column's precision.
MaybeFault append_finite(double number, const Column& column, std::string& out) {
  if (column.type.bits == 32) {
    const auto narrow = static_cast<float>(number);
    if (std::isinf(narrow)) {
      return number < 0 ? value_fault("greater_than_equal", "must be greater than or equal to -3.4028235e+38")
                        : value_fault("less_than_equal", "must be less than or equal to 3.4028235e+38");
    }
    number = narrow;  // PostgreSQL would refuse what becomes zero only in its own conversion
  }
  // Of a column with bounds, which compares numbers, -0.0 becomes 0.0.
  append_real_element(takes_named(column) ? number : number + 0.0, out);
  return std::nullopt;
}

MaybeFault read_real(const Scalar& value, const Column& column, std::string& out) {
  if (take_null(value, column, out)) return std::nullopt;
  const bool is_number = value.kind == Scalar::Kind::number;
  if (takes_named(column) && (is_number || value.kind == Scalar::Kind::text)) {
    if (const auto named = named_real(value.text)) {
      append_real_element(*named, out);
      return std::nullopt;
    }
  }
  if (!is_number) return type_fault("float_type", "must be a number", column);
  const auto number = read_number(value.text);
  if (!number || !std::isfinite(*number)) return value_fault("finite_number", "must be finite");
  if (!takes_named(column)) {
    const auto exact = Decimal::read(*number == 0 ? "0" : value.text);
    if (!exact) return type_fault("float_type", "must be a number", column);
    if (auto fault = check_bounds(*exact, column.rules)) return fault;
  }
  return append_finite(*number, column, out);
}

MaybeFault parse_real(std::string_view text, const Column& column, std::string& out) {
  if (const auto named = named_real(text); named && takes_named(column)) {
    append_real_element(*named, out);
    return std::nullopt;
  }
  const auto number = read_number(text);
  if (!number) return value_fault("float_parsing", "must be a number");
  if (!std::isfinite(*number)) return value_fault("finite_number", "must be finite");
  return append_finite(*number, column, out);
}

float float_of(std::string_view wire) {
  return std::bit_cast<float>(
      boost::endian::load_big_u32(reinterpret_cast<const unsigned char*>(wire.data())));
}

double double_of(std::string_view wire) {
  if (wire.size() != 8) return 0;
  return std::bit_cast<double>(
      boost::endian::load_big_u64(reinterpret_cast<const unsigned char*>(wire.data())));
}

template <class Float>
void append_json_real(Float value, std::string& out) {
  if (std::isfinite(value)) return append_number(value, out);
  out += std::isnan(value) ? R"("NaN")" : value < 0 ? R"("-Infinity")" : R"("Infinity")";
}

void write_json_real(std::string_view wire, const Column&, std::string& out) {
  wire.size() == 4 ? append_json_real(float_of(wire), out) : append_json_real(double_of(wire), out);
}

void write_msgpack_real(std::string_view wire, const Column&, std::string& out) {
  wire.size() == 4 ? append_msgpack_float(float_of(wire), out) : append_msgpack_float(double_of(wire), out);
}

}  // namespace

const Codec boolean_codec{read_boolean, parse_boolean, write_json_boolean, write_msgpack_boolean};
const Codec integer_codec{read_integer, parse_integer, write_json_integer, write_msgpack_integer};
const Codec real_codec{read_real, parse_real, write_json_real, write_msgpack_real};

}  // namespace troupe::schema
