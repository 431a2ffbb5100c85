#include "schema/msgpack_reader.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <exception>
#include <msgpack.hpp>

#include "schema/number_text.hpp"

namespace troupe::schema {
namespace {

/// Tells RowEvents what msgpack-c finds. Nothing is built of what a body only declares. The names are
/// msgpack-c's.
class RowVisitor : public msgpack::null_visitor {
 public:
  explicit RowVisitor(RowEvents& rows) : rows_(rows) {}

  const std::string& fault() const { return fault_; }

  bool visit_nil() { return scalar({}); }
  bool visit_boolean(bool flag) { return scalar({Scalar::Kind::boolean, flag}); }
  bool visit_positive_integer(std::uint64_t number) { return integer(number); }
  bool visit_negative_integer(std::int64_t number) { return integer(number); }
  bool visit_float32(float number) { return visit_float64(number); }
  bool visit_float64(double number) {
    if (std::isnan(number)) return scalar({Scalar::Kind::number, false, "nan"});
    if (std::isinf(number)) return scalar({Scalar::Kind::number, false, number < 0 ? "-inf" : "inf"});
    digits_.clear();
    append_number(number, digits_);
    return scalar({Scalar::Kind::number, false, digits_});
  }
  bool visit_str(const char* text, std::uint32_t size) {
    const std::string_view view = of(text, size);
    if (!in_key_) return rows_.value({Scalar::Kind::text, false, view});
    rows_.key(view);
    return true;
  }
  bool visit_bin(const char* bytes, std::uint32_t size) {
    return scalar({Scalar::Kind::bytes, false, of(bytes, size)});
  }
  bool visit_ext(const char*, std::uint32_t) { return scalar({Scalar::Kind::foreign}); }

  bool start_array(std::uint32_t) { return open(false); }
  bool end_array() { return close(false); }
  bool start_map(std::uint32_t) { return open(true); }
  bool end_map() { return close(true); }
  bool start_map_key() {
    in_key_ = true;
    return true;
  }
  bool end_map_key() {
    in_key_ = false;
    return true;
  }

 private:
  /// For an empty string msgpack-c may hand over a null pointer.
  static std::string_view of(const char* text, std::uint32_t size) {
    return size == 0 ? std::string_view("") : std::string_view(text, size);
  }
  template <class Integer>
  bool integer(Integer number) {
    std::array<char, 20> text;  // -9223372036854775808
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return scalar({Scalar::Kind::number, false, {text.data(), end}});
  }
  bool open(bool object) {
    if (in_key_) return refuse_key();
    if (depth_ == max_body_depth) {
      fault_ = "it is nested too deeply";
      return false;
    }
    ++depth_;
    return rows_.begin(object);
  }
  bool close(bool object) {
    --depth_;
    return rows_.end(object);
  }
  bool scalar(const Scalar& value) { return in_key_ ? refuse_key() : rows_.value(value); }
  bool refuse_key() {
    fault_ = "every key of a map must be a string";
    return false;
  }

  RowEvents& rows_;
  std::string digits_;     ///< of a float
  std::size_t depth_ = 0;  ///< of open arrays and maps
  bool in_key_ = false;
  std::string fault_ = "it is cut short or holds an invalid byte";
};

}  // namespace

std::optional<std::string> read_msgpack_rows(std::string_view body, RowEvents& rows) {
  if (body.empty()) return "the body is empty";
  rows.start(body);
  RowVisitor visitor(rows);
  std::size_t used = 0;
  try {
    if (!msgpack::parse(body.data(), body.size(), used, visitor)) {
      if (rows.too_many_rows()) return std::nullopt;
      return "the body is not MessagePack: " + visitor.fault();
    }
  } catch (const msgpack::unpack_error& error) {
    // Declared by msgpack-c for sizes that do not fit a size_t.
    return std::string("the body is not MessagePack: ") + error.what();
  }
  if (used != body.size()) return "the body is not MessagePack: bytes follow its value";
  return std::nullopt;
}

}  // namespace troupe::schema
