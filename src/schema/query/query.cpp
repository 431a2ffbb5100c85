#include "schema/query/query.hpp"

#include "schema/element.hpp"
#include "schema/masks.hpp"

namespace troupe::schema {

BodyResult<std::string> read_call(const Query& query, ContentFormat format, std::string_view body) {
  auto rows = read_new_rows(query.parameters, format, body, 1);
  if (!rows) return rows.error();
  if (rows->array)
    return BodyError{BodyError::Kind::invalid, {}, {{{"body"}, "the body must be an object", "dict_type"}}};
  std::string_view given = rows->elements;
  const auto masks = Masks::take(query.parameters.columns.size(), given);
  std::string elements;
  for (std::size_t i = 0; i < query.parameters.columns.size(); ++i) {
    const auto element = given.substr(0, element_size(given.data()));
    elements += masks.has(i) ? element : std::string_view(query.defaults[i]);
    given.remove_prefix(element.size());
  }
  return elements;
}

std::optional<ValueFault> parse_parameter(const Column& column, std::string_view text, std::string& out) {
  std::string element;
  if (auto fault = column.codec->parse(text, column, element)) return fault;
  // Filters may name any value, so that parsing knows no rules; reading a body does.
  const bool is_text = column.type.kind == TypeKind::text;
  const bool is_number = column.type.kind == TypeKind::integer || column.type.kind == TypeKind::real ||
                         column.type.kind == TypeKind::numeric;
  const auto& rules = column.rules;
  const bool ruled = rules.min || rules.max || rules.min_length || rules.max_length || rules.pattern;
  if (ruled && (is_text || is_number)) {
    const auto kind = is_text ? Scalar::Kind::text : Scalar::Kind::number;
    std::string read;
    if (auto fault = column.codec->read({kind, false, text}, column, read)) return fault;
  }
  out += element;
  return std::nullopt;
}

}  // namespace troupe::schema
