#include "schema/json_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "schema/json_events.hpp"
#include "schema/json_repair.hpp"

namespace troupe::schema {
namespace {

/// Hands the events of a text to RowEvents.
class RowSink {
 public:
  RowSink(RowEvents& rows, bool repaired) : rows_(rows), repaired_(repaired) {}

  bool begin(bool object) { return rows_.begin(object); }
  bool end(bool object, std::size_t) { return rows_.end(object); }
  bool key(std::string_view name) {
    rows_.key(name);
    return true;
  }
  bool text(std::string_view text) { return rows_.value({Scalar::Kind::text, false, text}); }
  bool number(std::string_view digits) {
    return rows_.value({Scalar::Kind::number, false, repaired_ ? meant(digits) : digits});
  }
  bool flag(bool flag) { return rows_.value({Scalar::Kind::boolean, flag}); }
  bool null() { return rows_.value({}); }

 private:
  /// NaN and the infinities again, for which repair_json wrote numbers.
  static std::string_view meant(std::string_view digits) {
    if (digits.ends_with(repaired_nan)) return "nan";
    if (!digits.ends_with(repaired_infinity)) return digits;
    return digits.starts_with('-') ? "-inf" : "inf";
  }

  RowEvents& rows_;
  bool repaired_;
};

JsonFault read_strictly(std::string_view text, bool repaired, RowEvents& rows) {
  rows.start(text);
  RowSink sink(rows, repaired);
  const auto fault = read_json_events(text, max_body_depth, sink);
  return rows.too_many_rows() ? JsonFault() : fault;
}

/// " at line 2, column 7": both from 1, columns in characters.
std::string place_in(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto line = before.substr(before.rfind('\n') + 1);  // npos + 1 is the beginning
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return fmt::format(" at line {}, column {}", std::ranges::count(before, '\n') + 1,
                     std::ranges::count_if(line, begins_character) + 1);
}

}  // namespace

std::optional<std::string> read_json_rows(std::string_view body, RowEvents& rows) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // may be ignored (RFC 8259 section 8.1)
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
  if (body.empty()) return "the body is empty";
  const auto fault = read_strictly(body, false, rows);
  if (!fault) return std::nullopt;
  // Python's json.dumps writes NaN, Infinity and lone surrogates without asking. Its users shall read "price
  // must be finite", not "syntax error"; see repair_json. Only refused texts pay for this second look.
  const std::string repaired = repair_json(body);
  if (repaired != body && !read_strictly(repaired, true, rows)) return std::nullopt;
  return "the body is not JSON: " + fault.error.message() + place_in(body, fault.at);
}

}  // namespace troupe::schema
