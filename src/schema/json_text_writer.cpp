#include "schema/json_text_writer.hpp"

#include "schema/base64.hpp"
#include "support/json_string.hpp"

namespace troupe::schema {
namespace {

bool opens(char last) {
  return last == '[' || last == '{' || last == ':';
}

}  // namespace

void JsonTextWriter::begin(bool object) {
  separate();
  out_ += object ? '{' : '[';
  ++depth_;
}

void JsonTextWriter::end(bool object) {
  out_ += object ? '}' : ']';
  --depth_;
}

void JsonTextWriter::key(std::string_view name) {
  separate();
  append_json_string(name, out_);
  out_ += ':';
}

void JsonTextWriter::value(const Scalar& value) {
  separate();
  switch (value.kind) {
    case Scalar::Kind::null:
      out_ += "null";
      return;
    case Scalar::Kind::boolean:
      out_ += value.flag ? "true" : "false";
      return;
    case Scalar::Kind::number:
      return append_number(value.text);
    case Scalar::Kind::text:
      return append_json_string(value.text, out_);
    case Scalar::Kind::bytes:
      return append_bytes(value.text);
    default:
      holds_foreign_ = true;
      out_ += "{}";
  }
}

/// A string ends in its quote, so what opens is never within one.
void JsonTextWriter::separate() {
  if (depth_ > 0 && !opens(out_.back())) out_ += ',';
}

void JsonTextWriter::append_bytes(std::string_view bytes) {
  if (bytes_ == Bytes::object) {
    out_ += "{}";
    return;
  }
  out_ += '"';
  if (bytes_ == Bytes::base64) {
    append_base64(bytes, out_);
  } else {
    constexpr std::string_view digits = "0123456789abcdef";
    out_ += R"(\\x)";
    for (const char c : bytes) {
      out_ += digits[static_cast<unsigned char>(c) >> 4];
      out_ += digits[static_cast<unsigned char>(c) & 0xF];
    }
  }
  out_ += '"';
}

void JsonTextWriter::append_number(std::string_view digits) {
  const char last = digits.empty() ? '0' : digits.back();
  if (last != 'n' && last != 'f') {
    out_ += digits;
    return;
  }
  holds_foreign_ = true;
  out_ += last == 'n' ? R"("NaN")" : digits.front() == '-' ? R"("-Infinity")" : R"("Infinity")";
}

}  // namespace troupe::schema
