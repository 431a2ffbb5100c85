#include "http/api/openapi/examples.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <limits>
#include <string>

namespace troupe::http {
namespace {

namespace json = boost::json;
using schema::Column;
using schema::TypeKind;

double number(const std::string& digits) {
  return std::strtod(digits.c_str(), nullptr);
}

/// Digits near `wanted` that are within the rules.
std::string within(std::string wanted, const schema::Rules& rules) {
  if (rules.min && number(wanted) < number(*rules.min)) wanted = *rules.min;
  if (rules.max && number(wanted) > number(*rules.max)) wanted = *rules.max;
  return wanted;
}

std::string digits_of(const Column& column) {
  const auto& type = column.type;
  const bool whole =
      type.kind == TypeKind::integer || (type.kind == TypeKind::numeric && type.precision && type.scale <= 0);
  const bool fraction = type.kind == TypeKind::numeric && type.precision && *type.precision <= type.scale;
  return within(whole ? "1" : fraction ? "0" : "1.5", column.rules);
}

std::optional<json::value> text_example(const Column& column) {
  const auto most =
      std::min(column.rules.max_length.value_or(std::numeric_limits<std::size_t>::max()),
               column.type.max_characters ? static_cast<std::size_t>(*column.type.max_characters)
                                          : std::numeric_limits<std::size_t>::max());
  std::string text = "text";
  if (text.size() > most) text.resize(most);
  if (column.rules.min_length && text.size() < *column.rules.min_length)
    text.resize(*column.rules.min_length, 't');
  const auto* pattern = column.rules.pattern.get();
  if (pattern == nullptr || re2::RE2::PartialMatch(text, *pattern)) return json::value(text);
  // The least text that may begin with a match often is one.
  const re2::RE2 at_begin("^(?:" + pattern->pattern() + ')', pattern->options());
  std::string least, greatest;
  constexpr int longest = 100;
  if (!at_begin.ok() || !at_begin.PossibleMatchRange(&least, &greatest, longest)) return std::nullopt;
  const bool fits = re2::RE2::PartialMatch(least, *pattern) && least.size() <= most &&
                    least.size() >= column.rules.min_length.value_or(0);
  return fits ? std::optional<json::value>(least) : std::nullopt;
}

std::optional<json::value> array_example(const Column& column) {
  Column element;
  element.type = column.type.element.front();
  // Bytes in an array have a form of their own.
  auto example = element.type.kind == TypeKind::bytes ? std::nullopt : example_of(element);
  if (!example) return json::array();
  return json::array{std::move(*example)};
}

}  // namespace

std::optional<json::value> example_of(const Column& column) {
  switch (column.type.kind) {
    case TypeKind::boolean:
      return true;
    case TypeKind::integer:
    case TypeKind::real:
    case TypeKind::numeric: {
      const auto digits = digits_of(column);
      return column.as_string ? json::value(digits) : json::parse(digits);
    }
    case TypeKind::text:
      return text_example(column);
    case TypeKind::uuid:
      return "01234567-89ab-4cde-8f01-23456789abcd";
    case TypeKind::date:
      return "2026-01-31";
    case TypeKind::time:
      return "12:34:56";
    case TypeKind::timestamp:
      return "2026-01-31T12:34:56";
    case TypeKind::timestamptz:
      return "2026-01-31T12:34:56Z";
    case TypeKind::interval:
      return "1 day 02:00:00";
    case TypeKind::json:
      return json::object();
    case TypeKind::bytes:
      return "AAEC";
    case TypeKind::enumeration:
      if (column.type.labels.empty()) return std::nullopt;
      return json::value(column.type.labels.front());
    case TypeKind::array:
      return array_example(column);
    case TypeKind::other:
      break;
  }
  return std::nullopt;
}

}  // namespace troupe::http
