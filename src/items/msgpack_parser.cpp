#include <cstdint>
#include <exception>
#include <msgpack.hpp>
#include <utility>

#include "items/body_parser.hpp"

namespace troupe::items {
namespace {

namespace json = boost::json;

/// Tells BodyFields what msgpack-c finds. Nothing is built of what a body only declares. The names are
/// msgpack-c's.
class FieldsVisitor : public msgpack::null_visitor {
 public:
  explicit FieldsVisitor(json::storage_ptr memory) : fields_(std::move(memory)) {}

  BodyFields release() { return std::move(fields_); }
  const std::string& fault() const { return fault_; }

  bool visit_nil() { return scalar(nullptr); }
  bool visit_boolean(bool flag) { return scalar(flag); }
  bool visit_positive_integer(std::uint64_t number) { return scalar(number); }
  bool visit_negative_integer(std::int64_t number) { return scalar(number); }
  bool visit_float32(float number) { return visit_float64(number); }
  bool visit_float64(double number) { return scalar(number); }
  bool visit_str(const char* text, std::uint32_t size) {
    // For an empty string msgpack-c may hand over a null pointer.
    const json::string_view view = size == 0 ? json::string_view("") : json::string_view(text, size);
    in_key_ ? fields_.key(view) : fields_.scalar(view);
    return true;
  }
  bool visit_bin(const char*, std::uint32_t) { return visit_foreign(); }
  bool visit_ext(const char*, std::uint32_t) { return visit_foreign(); }

  bool start_array(std::uint32_t) { return open(false); }
  bool end_array() { return close(); }
  bool start_map(std::uint32_t) { return open(true); }
  bool end_map() { return close(); }
  bool start_map_key() {
    in_key_ = true;
    return true;
  }
  bool end_map_key() {
    in_key_ = false;
    return true;
  }

 private:
  /// JSON has no binary and no extension types. Where one is no field of an item it is ignored; where it is
  /// one it must be refused, as any value of a wrong type is: an empty array is of the wrong type for every
  /// field.
  bool visit_foreign() {
    if (in_key_) return refuse_key();
    fields_.begin_container(false);
    fields_.end_container();
    return true;
  }
  bool open(bool object) {
    if (in_key_) return refuse_key();
    if (depth_ == max_body_depth) {
      fault_ = "it is nested too deeply";
      return false;
    }
    ++depth_;
    fields_.begin_container(object);
    return true;
  }
  bool close() {
    --depth_;
    fields_.end_container();
    return true;
  }
  template <class Value>
  bool scalar(const Value& value) {
    if (in_key_) return refuse_key();
    fields_.scalar(value);
    return true;
  }
  bool refuse_key() {
    fault_ = "every key of a map must be a string";
    return false;
  }

  BodyFields fields_;
  std::size_t depth_ = 0;  ///< of open arrays and maps
  bool in_key_ = false;
  std::string fault_ = "it is cut short or holds an invalid byte";
};

}  // namespace

ParsedBody parse_msgpack(std::string_view body, json::storage_ptr memory) {
  if (body.empty()) return Malformed{"the body is empty"};
  FieldsVisitor visitor(std::move(memory));
  std::size_t used = 0;
  try {
    if (!msgpack::parse(body.data(), body.size(), used, visitor)) {
      return Malformed{"the body is not MessagePack: " + visitor.fault()};
    }
  } catch (const msgpack::unpack_error& error) {
    // Declared by msgpack-c for sizes that do not fit a size_t.
    return Malformed{std::string("the body is not MessagePack: ") + error.what()};
  }
  if (used != body.size()) return Malformed{"the body is not MessagePack: bytes follow its value"};
  return visitor.release();
}

}  // namespace troupe::items
