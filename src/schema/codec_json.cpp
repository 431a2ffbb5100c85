#include "schema/codec_json.hpp"

#include "schema/base64.hpp"
#include "schema/codec_text.hpp"
#include "schema/element.hpp"
#include "schema/transcode.hpp"
#include "support/json_string.hpp"

namespace troupe::schema {
namespace {

MaybeFault not_json() {
  return value_fault("json_type", "must hold only what JSON can: no NaN, infinities or extension types");
}

/// Does a JSON text escape a U+0000 somewhere?
bool has_nul_escape(std::string_view json) {
  for (auto at = json.find('\\'); at != std::string_view::npos; at = json.find('\\', at + 2)) {
    if (json.substr(at + 1).starts_with("u0000")) return true;
  }
  return false;
}

MaybeFault check_json(std::string_view json, const Column& column) {
  if (auto fault = check_text(json)) return fault;
  // json keeps a text as it came, jsonb keeps what it means.
  if (column.type.name != "json" && has_nul_escape(json)) {
    return value_fault("value_error", "must not contain the character U+0000");
  }
  return std::nullopt;
}

MaybeFault append_string(std::string_view text, const Column& column, std::string& out) {
  const std::size_t begin = begin_element(out);
  append_json_string(text, out);
  if (auto fault = check_json(std::string_view(out).substr(begin), column)) {
    out.resize(begin - 4);
    return fault;
  }
  end_element(begin, out);
  return std::nullopt;
}

MaybeFault read_json_value(const Scalar& value, const Column& column, std::string& out) {
  switch (value.kind) {
    case Scalar::Kind::null:
      if (take_null(value, column, out)) return std::nullopt;
      return value_fault("json_type", "must not be null");
    case Scalar::Kind::boolean:
      append_text_element(value.flag ? "true" : "false", out);
      return std::nullopt;
    case Scalar::Kind::number:
      if (value.text.ends_with("nan") || value.text.ends_with("inf")) return not_json();
      append_text_element(value.text, out);
      return std::nullopt;
    case Scalar::Kind::text:
      return append_string(value.text, column, out);
    case Scalar::Kind::bytes: {
      std::string text;
      append_base64(value.text, text);
      return append_string(text, column, out);
    }
    case Scalar::Kind::list:
    case Scalar::Kind::object: {
      if (value.flag) return not_json();
      if (auto fault = check_json(value.text, column)) return fault;
      append_text_element(value.text, out);
      return std::nullopt;
    }
    case Scalar::Kind::foreign:
      break;
  }
  return not_json();
}

MaybeFault parse_json_value(std::string_view text, const Column& column, std::string& out) {
  if (auto fault = check_json(text, column)) return fault;
  append_text_element(text, out);
  return std::nullopt;
}

}  // namespace

void write_json_raw(std::string_view wire, const Column&, std::string& out) {
  out += wire;
}

void write_msgpack_raw(std::string_view wire, const Column&, std::string& out) {
  append_json_as_msgpack(wire, out);
}

const Codec json_codec{read_json_value, parse_json_value, write_json_raw, write_msgpack_raw};

}  // namespace troupe::schema
