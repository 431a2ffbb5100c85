#pragma once

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace troupe::schema {

/// Turns the events of Boost.JSON's parser into plainer ones: `begin(bool object)`, `end(bool object, size)`,
/// `key(text)`, `text(text)`, `number(digits)`, `flag(bool)` and `null()` of a `Sink`, each of which says
/// whether to go on. Texts come whole, and nothing is built of them. Numbers come as their digits: the
/// parser's own doubles (1.81 has no precise mode) are up to a few units in the last place off. The names are
/// Boost.JSON's.
template <class Sink>
struct JsonEvents {
  using error_code = boost::system::error_code;
  using view = boost::json::string_view;

  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  Sink& sink;
  std::string part{};  ///< of a text with escapes, which comes in pieces

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& error) { return go_on(sink.begin(true), error); }
  bool on_object_end(std::size_t size, error_code& error) { return go_on(sink.end(true, size), error); }
  bool on_array_begin(error_code& error) { return go_on(sink.begin(false), error); }
  bool on_array_end(std::size_t size, error_code& error) { return go_on(sink.end(false, size), error); }
  bool on_key_part(view text, std::size_t, error_code&) { return add(text); }
  bool on_key(view text, std::size_t, error_code& error) {
    const bool more = sink.key(whole(text));
    part.clear();
    return go_on(more, error);
  }
  bool on_string_part(view text, std::size_t, error_code&) { return add(text); }
  bool on_string(view text, std::size_t, error_code& error) {
    const bool more = sink.text(whole(text));
    part.clear();
    return go_on(more, error);
  }
  bool on_number_part(view, error_code&) { return true; }
  bool on_int64(std::int64_t, view digits, error_code& error) { return go_on(sink.number(digits), error); }
  bool on_uint64(std::uint64_t, view digits, error_code& error) { return go_on(sink.number(digits), error); }
  bool on_double(double, view digits, error_code& error) { return go_on(sink.number(digits), error); }
  bool on_bool(bool flag, error_code& error) { return go_on(sink.flag(flag), error); }
  bool on_null(error_code& error) { return go_on(sink.null(), error); }
  bool on_comment_part(view, error_code&) { return true; }
  bool on_comment(view, error_code&) { return true; }

 private:
  static bool go_on(bool more, error_code& error) {
    if (!more) error = boost::system::errc::make_error_code(boost::system::errc::operation_canceled);
    return more;
  }
  bool add(view text) {
    part += text;
    return true;
  }
  std::string_view whole(view last) {
    if (part.empty()) return last;
    part += last;
    return part;
  }
};

/// How the reading of a text ended; true where it is faulty.
struct JsonFault {
  boost::system::error_code error;
  std::size_t at = 0;  ///< bytes before the fault
  explicit operator bool() const { return error.failed(); }
};

/// Reads a whole text into `sink`. Texts may hold invalid UTF-8.
template <class Sink>
JsonFault read_json_events(std::string_view text, std::size_t max_depth, Sink& sink) {
  boost::json::parse_options options;
  options.max_depth = max_depth;
  options.allow_invalid_utf8 = true;
  boost::json::basic_parser<JsonEvents<Sink>> parser(options, JsonEvents<Sink>{sink});
  JsonFault fault;
  fault.at = parser.write_some(false, text.data(), text.size(), fault.error);
  if (!fault && fault.at < text.size()) fault.error = boost::json::error::extra_data;
  return fault;
}

}  // namespace troupe::schema
