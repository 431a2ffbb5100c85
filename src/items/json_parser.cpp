#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/value_stack.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <utility>

#include "items/body_parser.hpp"
#include "items/json_repair.hpp"
#include "items/number_text.hpp"

namespace troupe::items {
namespace {

namespace json = boost::json;
using boost::system::error_code;

/// Builds a json::value as Boost.JSON's own parser does, but for one thing: that one computes a double with
/// up to a few units in the last place of error (1.81 has no precise mode), so a price would not come back as
/// it was sent. The names are Boost.JSON's.
struct ExactHandler {
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  json::storage_ptr memory;
  json::value_stack stack{memory};

  explicit ExactHandler(json::storage_ptr where) : memory(std::move(where)) {}

  bool on_document_begin(error_code&) {
    stack.reset(memory);
    return true;
  }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(std::size_t n, error_code&) {
    stack.push_object(n);
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t n, error_code&) {
    stack.push_array(n);
    return true;
  }
  bool on_key_part(json::string_view text, std::size_t, error_code&) {
    stack.push_chars(text);
    return true;
  }
  bool on_key(json::string_view text, std::size_t, error_code&) {
    stack.push_key(text);
    return true;
  }
  bool on_string_part(json::string_view text, std::size_t, error_code&) {
    stack.push_chars(text);
    return true;
  }
  bool on_string(json::string_view text, std::size_t, error_code&) {
    stack.push_string(text);
    return true;
  }
  bool on_number_part(json::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, error_code&) {
    stack.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, json::string_view, error_code&) {
    stack.push_uint64(number);
    return true;
  }
  bool on_double(double estimate, json::string_view text, error_code&) {
    stack.push_double(read_number(text).value_or(estimate));
    return true;
  }
  bool on_bool(bool flag, error_code&) {
    stack.push_bool(flag);
    return true;
  }
  bool on_null(error_code&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }
};

boost::system::result<json::value, error_code> parse_strictly(std::string_view body,
                                                              const json::storage_ptr& memory) {
  json::parse_options options;
  options.max_depth = max_body_depth;
  options.allow_invalid_utf8 = true;  // told as a fault of the field that holds it
  json::basic_parser<ExactHandler> parser(options, memory);
  error_code error;
  const std::size_t used = parser.write_some(false, body.data(), body.size(), error);
  if (!error && used < body.size()) error = json::error::extra_data;
  if (error) return error;
  return parser.handler().stack.release();
}

}  // namespace

ParsedBody parse_json(std::string_view body, json::storage_ptr memory) {
  if (body.empty()) return Malformed{"the body is empty"};
  auto parsed = parse_strictly(body, memory);
  if (!parsed) {
    // Python's json.dumps writes NaN, Infinity and lone surrogates without asking. Its users shall read
    // "price must be finite", not "syntax error"; see repair_json. Only refused texts pay for this second
    // look.
    const std::string repaired = repair_json(body);
    if (repaired == body) return Malformed{"the body is not JSON: " + parsed.error().message()};
    auto again = parse_strictly(repaired, memory);
    if (!again) return Malformed{"the body is not JSON: " + parsed.error().message()};
    return std::move(*again);
  }
  return std::move(*parsed);
}

}  // namespace troupe::items
