#include "schema/codec_bytes.hpp"

#include <algorithm>

#include "schema/base64.hpp"
#include "schema/codec_text.hpp"
#include "schema/element.hpp"
#include "schema/msgpack_text.hpp"

namespace troupe::schema {
namespace {

MaybeFault parse_bytes(std::string_view text, const Column&, std::string& out) {
  const std::size_t begin = begin_element(out);
  if (!decode_base64(text, out)) {
    out.resize(begin - 4);
    return value_fault("base64_decode", "must be base64");
  }
  end_element(begin, out);
  return std::nullopt;
}

MaybeFault read_bytes(const Scalar& value, const Column& column, std::string& out) {
  if (take_null(value, column, out)) return std::nullopt;
  if (value.kind == Scalar::Kind::text) return parse_bytes(value.text, column, out);
  if (value.kind != Scalar::Kind::bytes) return type_fault("bytes_type", "must be base64", column);
  append_text_element(value.text, out);
  return std::nullopt;
}

void write_json_bytes(std::string_view wire, const Column&, std::string& out) {
  out += '"';
  append_base64(wire, out);
  out += '"';
}

void write_msgpack_bytes(std::string_view wire, const Column&, std::string& out) {
  StringSink sink{out};
  MsgpackPacker(sink).pack_bin(static_cast<std::uint32_t>(wire.size()));
  out += wire;
}

MaybeFault parse_hex(std::string_view text, const Column&, std::string& out) {
  const bool hex = text.starts_with("\\x") && text.size() % 2 == 0 &&
                   text.substr(2).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  if (!hex) return value_fault("bytes_type", R"(must be \x and hexadecimal digits)");
  append_text_element(text, out);
  return std::nullopt;
}

MaybeFault read_hex(const Scalar& value, const Column& column, std::string& out) {
  if (take_null(value, column, out)) return std::nullopt;
  return parse_hex(value.kind == Scalar::Kind::text ? value.text : std::string_view(), column, out);
}

}  // namespace

const Codec bytes_codec{read_bytes, parse_bytes, write_json_bytes, write_msgpack_bytes};
const Codec hex_bytes_codec{read_hex, parse_hex, write_json_text, write_msgpack_text};

}  // namespace troupe::schema
