#include "schema/value_text.hpp"

namespace troupe::schema {

std::string value_text(const Column& column, std::string_view wire) {
  if (column.type.kind == TypeKind::text || column.type.kind == TypeKind::enumeration)
    return std::string(wire);
  std::string text;
  column.codec->write_json(wire, column, text);
  // Only numbers, times and their like are quoted here: none of these has anything to be escaped.
  return text.starts_with('"') ? text.substr(1, text.size() - 2) : text;
}

}  // namespace troupe::schema
