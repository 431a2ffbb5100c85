#include "http/api/pages/value_html.hpp"

#include "http/api/pages/html.hpp"

namespace troupe::http {
namespace {

using schema::TypeKind;

/// Is the text that people read just PostgreSQL's own?
bool is_text_on_wire(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::real:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
    case TypeKind::bytes:
      return false;
    default:
      return true;
  }
}

/// Of a kind whose JSON has nothing that HTML or JSON would escape: digits, letters, base64.
void append_plain_json(const schema::Column& column, std::string_view wire, std::string& out) {
  const auto begin = out.size();
  column.codec->write_json(wire, column, out);
  if (out.size() < begin + 2 || out[begin] != '"') return;
  out.pop_back();
  out.erase(begin, 1);
}

}  // namespace

void append_value(const schema::Column& column, std::string_view wire, std::string& out) {
  if (is_text_on_wire(column.type.kind)) {
    append_html(wire, out);
  } else if (column.type.kind == TypeKind::timestamp || column.type.kind == TypeKind::timestamptz) {
    append_html(value_text(column, wire), out);
  } else {
    append_plain_json(column, wire, out);
  }
}

void append_short_value(const schema::Column& column, schema::Cell cell, std::string& out) {
  if (!cell) {
    out += null_html;
    return;
  }
  const bool cut = cell->size() > short_value;
  // Base64 ends without a rest behind every third byte.
  static_assert(short_value % 3 == 0);
  append_value(column, cut ? front_of(*cell, short_value) : *cell, out);
  if (cut) out += "…";
}

std::string value_text(const schema::Column& column, std::string_view wire) {
  if (is_text_on_wire(column.type.kind)) return std::string(wire);
  std::string text;
  append_plain_json(column, wire, text);
  return text;
}

bool is_number(const schema::Column& column) {
  const auto kind = column.type.kind;
  return kind == TypeKind::integer || kind == TypeKind::real || kind == TypeKind::numeric;
}

}  // namespace troupe::http
