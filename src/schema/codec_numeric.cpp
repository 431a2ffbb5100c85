#include "schema/codec_numeric.hpp"

#include <algorithm>

#include "schema/decimal.hpp"
#include "schema/element.hpp"
#include "schema/msgpack_text.hpp"

namespace troupe::schema {
namespace {

// What PostgreSQL's numeric holds at most, on either side of the point.
constexpr std::int64_t most_whole_digits = 131072;
constexpr std::int64_t most_places = 16383;

/// NaN and the infinities as PostgreSQL reads them; empty when the text is none of them.
std::string_view named_numeric(std::string_view text) {
  if (text == "NaN" || text == "nan") return "NaN";
  if (text == "Infinity" || text == "inf") return "Infinity";
  if (text == "-Infinity" || text == "-inf") return "-Infinity";
  return {};
}

/// As PostgreSQL does: a number of so many digits may still be NaN, but not infinite.
bool takes_named(const Column& column, std::string_view named) {
  if (column.rules.min || column.rules.max) return false;
  return !column.type.precision || named == "NaN";
}

MaybeFault check_size(const Decimal& number) {
  if (!number.zero() && number.magnitude() > most_whole_digits) {
    return value_fault("decimal_whole_digits", "must have at most " + std::to_string(most_whole_digits) +
                                                   " digits before the decimal point");
  }
  if (number.places() > most_places) {
    return value_fault("decimal_max_places", "must have at most " + std::to_string(most_places) +
                                                 " digits behind the decimal point");
  }
  return std::nullopt;
}

/// Is the number, rounded to the column's scale, one digit too long? It has as many digits in front of the
/// point as the column takes, and rounding carries through nines only.
bool rounds_up_to_more(const Decimal& number, int precision) {
  const auto kept = static_cast<std::size_t>(precision);
  if (number.digit(kept) < '5') return false;
  for (std::size_t i = 0; i < kept; ++i) {
    if (number.digit(i) != '9') return false;
  }
  return true;
}

MaybeFault check_precision(const Decimal& number, const Type& type) {
  if (!type.precision || number.zero()) return std::nullopt;
  const int whole_digits = *type.precision - type.scale;
  if (number.magnitude() < whole_digits) return std::nullopt;
  if (number.magnitude() == whole_digits && !rounds_up_to_more(number, *type.precision)) return std::nullopt;
  const std::string digits = std::to_string(whole_digits);
  if (whole_digits < 1) return value_fault("decimal_whole_digits", "must be smaller than 10^" + digits);
  return value_fault("decimal_whole_digits", "must have at most " + digits +
                                                 (whole_digits == 1 ? " digit" : " digits") +
                                                 " before the decimal point");
}

MaybeFault read_numeric(const Scalar& value, const Column& column, std::string& out) {
  if (take_null(value, column, out)) return std::nullopt;
  const bool is_number = value.kind == Scalar::Kind::number;
  if (!is_number && value.kind != Scalar::Kind::text) {
    return type_fault("decimal_type", "must be a number", column);
  }
  const auto number = Decimal::read(value.text);
  if (!number) {
    const std::string_view named = named_numeric(value.text);
    if (named.empty()) return type_fault("decimal_parsing", "must be a number", column);
    if (!takes_named(column, named)) return value_fault("finite_number", "must be finite");
    append_text_element(named, out);
    return std::nullopt;
  }
  if (auto fault = check_size(*number)) return fault;
  if (auto fault = check_bounds(*number, column.rules)) return fault;
  if (auto fault = check_precision(*number, column.type)) return fault;
  append_text_element(value.text, out);
  return std::nullopt;
}

MaybeFault parse_numeric(std::string_view text, const Column&, std::string& out) {
  const auto number = Decimal::read(text);
  if (number) {
    if (auto fault = check_size(*number)) return fault;
  } else if (named_numeric(text).empty()) {
    return value_fault("decimal_parsing", "must be a number");
  }
  append_text_element(text, out);
  return std::nullopt;
}

void write_json_numeric(std::string_view wire, const Column& column, std::string& out) {
  // JSON has no NaN and no infinities: they become strings.
  const bool quoted = column.as_string || !named_numeric(wire).empty();
  if (quoted) out += '"';
  out += wire;
  if (quoted) out += '"';
}

void write_msgpack_numeric(std::string_view wire, const Column&, std::string& out) {
  append_msgpack_text(wire, out);
}

}  // namespace

const Codec numeric_codec{read_numeric, parse_numeric, write_json_numeric, write_msgpack_numeric};

}  // namespace troupe::schema
