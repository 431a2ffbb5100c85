#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "items/body_parser.hpp"
#include "items/json_repair.hpp"
#include "items/number_text.hpp"

namespace troupe::items {
namespace {

namespace json = boost::json;
using boost::system::error_code;

/// Tells BodyFields what Boost.JSON's parser finds; a double is read again from its text, because that parser
/// (1.81 has no precise mode) is up to a few units in the last place off, and a price would not come back as
/// it was sent. The names are Boost.JSON's.
struct FieldsHandler {
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  BodyFields fields;
  std::string part;  ///< of a text with escapes, which comes in pieces

  explicit FieldsHandler(json::storage_ptr memory) : fields(std::move(memory)) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return begin(true); }
  bool on_object_end(std::size_t, error_code&) { return end(); }
  bool on_array_begin(error_code&) { return begin(false); }
  bool on_array_end(std::size_t, error_code&) { return end(); }
  bool on_key_part(json::string_view text, std::size_t, error_code&) { return add(text); }
  bool on_key(json::string_view text, std::size_t, error_code&) {
    fields.key(whole(text));
    part.clear();
    return true;
  }
  bool on_string_part(json::string_view text, std::size_t, error_code&) { return add(text); }
  bool on_string(json::string_view text, std::size_t, error_code&) {
    fields.scalar(whole(text));
    part.clear();
    return true;
  }
  bool on_number_part(json::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, error_code&) { return scalar(number); }
  bool on_uint64(std::uint64_t number, json::string_view, error_code&) { return scalar(number); }
  bool on_double(double estimate, json::string_view text, error_code&) {
    return scalar(read_number(text).value_or(estimate));
  }
  bool on_bool(bool flag, error_code&) { return scalar(flag); }
  bool on_null(error_code&) { return scalar(nullptr); }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

 private:
  bool begin(bool object) {
    fields.begin_container(object);
    return true;
  }
  bool end() {
    fields.end_container();
    return true;
  }
  bool add(json::string_view text) {
    part += text;
    return true;
  }
  json::string_view whole(json::string_view last) {
    if (part.empty()) return last;
    part += last;
    return part;
  }
  template <class Value>
  bool scalar(const Value& value) {
    fields.scalar(value);
    return true;
  }
};

boost::system::result<BodyFields, error_code> parse_strictly(std::string_view body,
                                                             const json::storage_ptr& memory) {
  json::parse_options options;
  options.max_depth = max_body_depth;
  options.allow_invalid_utf8 = true;  // told as a fault of the field that holds it
  json::basic_parser<FieldsHandler> parser(options, memory);
  error_code error;
  const std::size_t used = parser.write_some(false, body.data(), body.size(), error);
  if (!error && used < body.size()) error = json::error::extra_data;
  if (error) return error;
  return std::move(parser.handler().fields);
}

}  // namespace

ParsedBody parse_json(std::string_view body, json::storage_ptr memory) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // may be ignored (RFC 8259 section 8.1)
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
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
