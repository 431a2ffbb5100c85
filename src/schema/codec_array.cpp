#include "schema/codec_array.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "schema/body.hpp"
#include "schema/codec_json.hpp"
#include "schema/codec_text.hpp"
#include "schema/element.hpp"
#include "schema/json_events.hpp"
#include "schema/json_text_writer.hpp"
#include "schema/number_text.hpp"

namespace troupe::schema {
namespace {

constexpr std::size_t max_dimensions = 6;  ///< PostgreSQL's

std::string_view text_of_real(double value, std::string& memory) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  memory.clear();
  append_number(value, memory);
  return memory;
}

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

/// Appends an element, as a codec has read it, in the text form of an array.
void append_literal(std::string_view element, WireForm form, std::string& out) {
  constexpr std::string_view null = "\xFF\xFF\xFF\xFF";
  if (element == null) {
    out += "NULL";
    return;
  }
  const std::string_view bytes = element.substr(null.size());
  const auto number = [&] {
    return boost::endian::load_big_s64(reinterpret_cast<const unsigned char*>(bytes.data()));
  };
  std::string memory;
  switch (form) {
    case WireForm::boolean:
      out += bytes.front() != 0 ? 't' : 'f';
      return;
    case WireForm::integer:
      out += std::to_string(number());
      return;
    case WireForm::real:
      out += text_of_real(std::bit_cast<double>(number()), memory);
      return;
    default:
      append_quoted(bytes, out);
  }
}

/// Writes the events of a JSON list as PostgreSQL's text for an array, `{"a",NULL}`, its elements judged by
/// their own codec. Lists within are further dimensions, but for elements that are JSON themselves.
class LiteralWriter {
 public:
  LiteralWriter(const Column& element, std::string& out) : element_(element), out_(out) {}

  /// Why the events ended early.
  MaybeFault& fault() { return fault_; }

  bool begin(bool object) {
    if (!nested_.whole()) {
      nested_.begin(object);
      return true;
    }
    const bool of_json = element_.type.kind == TypeKind::json && !counts_.empty();
    if (of_json) {
      nested_text_.clear();
      nested_.begin(object);
      return true;
    }
    if (object) return element({Scalar::Kind::object});
    return open();
  }

  bool end(bool object, std::size_t) {
    if (nested_.whole()) return close();
    nested_.end(object);
    if (!nested_.whole()) return true;
    Scalar value{object ? Scalar::Kind::object : Scalar::Kind::list};
    value.text = nested_text_;
    return element(value);
  }

  bool key(std::string_view name) {
    nested_.key(name);
    return true;
  }
  bool text(std::string_view text) { return scalar({Scalar::Kind::text, false, text}); }
  bool number(std::string_view digits) { return scalar({Scalar::Kind::number, false, digits}); }
  bool flag(bool flag) { return scalar({Scalar::Kind::boolean, flag}); }
  bool null() { return scalar({}); }

 private:
  static constexpr std::size_t unknown = static_cast<std::size_t>(-1);

  bool open() {
    if (counts_.size() == max_dimensions) {
      fault_ = value_fault("list_type", "must have at most 6 dimensions");
      return false;
    }
    if (leaves_ != 0 && counts_.size() >= leaves_) return ragged();
    separate();
    counts_.push_back(0);
    if (counts_.size() > sizes_.size()) sizes_.push_back(unknown);
    out_ += '{';
    return true;
  }

  bool close() {
    std::size_t& size = sizes_[counts_.size() - 1];
    const std::size_t count = counts_.back();
    const bool empty_within = count == 0 && counts_.size() > 1;  // PostgreSQL has no such array
    if (empty_within || (size != unknown && size != count)) return ragged();
    size = count;
    counts_.pop_back();
    if (!counts_.empty()) ++counts_.back();
    out_ += '}';
    return true;
  }

  bool scalar(const Scalar& value) {
    if (nested_.whole()) return element(value);
    nested_.value(value);
    return true;
  }

  bool element(const Scalar& value) {
    if (leaves_ == 0) leaves_ = counts_.size();
    if (counts_.size() != leaves_) return ragged();
    bytes_.clear();
    fault_ = element_.codec->read(value, element_, bytes_);
    if (fault_) {
      fault_->rule = place() + ' ' + fault_->rule;
      return false;
    }
    separate();
    append_literal(bytes_, element_.wire_form(), out_);
    ++counts_.back();
    return true;
  }

  /// Of the element that is at hand: "[0][2]".
  std::string place() const {
    std::string text;
    for (const std::size_t count : counts_) text += '[' + std::to_string(count) + ']';
    return text;
  }

  void separate() {
    if (!counts_.empty() && counts_.back() > 0) out_ += ',';
  }

  bool ragged() {
    fault_ = value_fault("list_type", "must have lists of one length in each dimension");
    return false;
  }

  const Column& element_;
  std::string& out_;
  MaybeFault fault_;
  std::vector<std::size_t> counts_;  ///< elements so far of each open list
  std::vector<std::size_t> sizes_;   ///< of the lists in each dimension
  std::size_t leaves_ = 0;           ///< the dimension that holds the elements; 0: not seen yet
  std::string bytes_;                ///< of an element
  std::string nested_text_;          ///< of an element that is a list or an object
  JsonTextWriter nested_{nested_text_};
};

MaybeFault read_array(const Scalar& value, const Column& column, std::string& out) {
  if (take_null(value, column, out)) return std::nullopt;
  if (value.kind != Scalar::Kind::list || !column.element) {
    return type_fault("list_type", "must be an array", column);
  }
  const TypeKind kind = column.element->type.kind;
  if (value.flag && kind != TypeKind::real && kind != TypeKind::numeric) {
    return value_fault("list_type", "must hold only what JSON can: no NaN, infinities or extension types");
  }
  const std::size_t begin = begin_element(out);
  LiteralWriter writer(*column.element, out);
  if (read_json_events(value.text, max_body_depth, writer)) {
    out.resize(begin - 4);
    if (writer.fault()) return std::move(writer.fault());
    return type_fault("list_type", "must be an array", column);
  }
  end_element(begin, out);
  return std::nullopt;
}

MaybeFault parse_array(std::string_view text, const Column&, std::string& out) {
  if (auto fault = check_text(text)) return fault;
  append_text_element(text, out);
  return std::nullopt;
}

}  // namespace

const Codec array_codec{read_array, parse_array, write_json_raw, write_msgpack_raw};

}  // namespace troupe::schema
