#include "schema/column.hpp"

#include "schema/codec_array.hpp"
#include "schema/codec_bytes.hpp"
#include "schema/codec_json.hpp"
#include "schema/codec_numbers.hpp"
#include "schema/codec_numeric.hpp"
#include "schema/codec_text.hpp"
#include "schema/codec_time.hpp"
#include "schema/msgpack_text.hpp"
#include "support/json_string.hpp"

namespace troupe::schema {
namespace {

const Codec& codec_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
      return boolean_codec;
    case TypeKind::integer:
      return integer_codec;
    case TypeKind::real:
      return real_codec;
    case TypeKind::numeric:
      return numeric_codec;
    case TypeKind::text:
      return text_codec;
    case TypeKind::uuid:
      return uuid_codec;
    case TypeKind::date:
      return date_codec;
    case TypeKind::time:
      return time_codec;
    case TypeKind::timestamp:
      return timestamp_codec;
    case TypeKind::timestamptz:
      return timestamptz_codec;
    case TypeKind::interval:
      return interval_codec;
    case TypeKind::json:
      return json_codec;
    case TypeKind::bytes:
      return bytes_codec;
    case TypeKind::enumeration:
      return enumeration_codec;
    case TypeKind::array:
      return array_codec;
    case TypeKind::other:
      break;
  }
  return other_codec;
}

/// A column that judges the elements of an array of this type; each may be null.
std::shared_ptr<const Column> element_column(const Type& type) {
  auto element = std::make_shared<Column>();
  element->type = type;
  if (type.kind == TypeKind::bytes) {
    // An array crosses as text, in which PostgreSQL writes and reads bytes as \x….
    element->type.kind = TypeKind::other;
    element->codec = &hex_bytes_codec;
  } else {
    element->codec = &codec_of(type.kind);
  }
  return element;
}

}  // namespace

void finish_column(Column& column) {
  column.codec = &codec_of(column.type.kind);
  column.json_key = ',';
  append_json_string(column.name, column.json_key);
  column.json_key += ':';
  column.msgpack_key.clear();
  append_msgpack_text(column.name, column.msgpack_key);
  column.element.reset();
  if (column.type.kind == TypeKind::array && !column.type.element.empty()) {
    column.element = element_column(column.type.element.front());
  }
}

}  // namespace troupe::schema
