#include <array>
#include <boost/json/value_stack.hpp>
#include <cstdint>
#include <exception>
#include <msgpack.hpp>
#include <utility>

#include "items/body_parser.hpp"

namespace troupe::items {
namespace {

namespace json = boost::json;

/// Builds a json::value from msgpack-c's events. As nothing is built before its bytes were seen, a body that
/// declares four billion elements costs no more than its own size. The names are msgpack-c's.
class ValueVisitor : public msgpack::null_visitor {
 public:
  explicit ValueVisitor(const json::storage_ptr& memory) : stack_(memory) { stack_.reset(memory); }

  json::value release() { return stack_.release(); }
  const std::string& fault() const { return fault_; }

  bool visit_nil() {
    if (in_key_) return refuse_key();
    stack_.push_null();
    return true;
  }
  bool visit_boolean(bool flag) {
    if (in_key_) return refuse_key();
    stack_.push_bool(flag);
    return true;
  }
  bool visit_positive_integer(std::uint64_t number) {
    if (in_key_) return refuse_key();
    stack_.push_uint64(number);
    return true;
  }
  bool visit_negative_integer(std::int64_t number) {
    if (in_key_) return refuse_key();
    stack_.push_int64(number);
    return true;
  }
  bool visit_float32(float number) { return visit_float64(number); }
  bool visit_float64(double number) {
    if (in_key_) return refuse_key();
    stack_.push_double(number);
    return true;
  }
  bool visit_str(const char* text, std::uint32_t size) {
    // For an empty string msgpack-c may hand over a null pointer.
    const json::string_view view = size == 0 ? json::string_view("") : json::string_view(text, size);
    in_key_ ? stack_.push_key(view) : stack_.push_string(view);
    return true;
  }
  bool visit_bin(const char*, std::uint32_t) { return visit_foreign(); }
  bool visit_ext(const char*, std::uint32_t) { return visit_foreign(); }

  bool start_array(std::uint32_t elements) { return in_key_ ? refuse_key() : open(elements); }
  bool end_array() {
    stack_.push_array(sizes_[--depth_]);
    return true;
  }
  bool start_map(std::uint32_t pairs) { return in_key_ ? refuse_key() : open(pairs); }
  bool end_map() {
    stack_.push_object(sizes_[--depth_]);
    return true;
  }
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
    stack_.push_array(0);
    return true;
  }
  bool open(std::uint32_t size) {
    if (depth_ == max_body_depth) {
      fault_ = "it is nested too deeply";
      return false;
    }
    sizes_[depth_++] = size;
    return true;
  }
  bool refuse_key() {
    fault_ = "every key of a map must be a string";
    return false;
  }

  json::value_stack stack_;
  std::array<std::uint32_t, max_body_depth> sizes_{};  ///< of the open arrays and maps
  std::size_t depth_ = 0;
  bool in_key_ = false;
  std::string fault_ = "it is cut short or holds an invalid byte";
};

}  // namespace

ParsedBody parse_msgpack(std::string_view body, json::storage_ptr memory) {
  if (body.empty()) return Malformed{"the body is empty"};
  ValueVisitor visitor(memory);
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
