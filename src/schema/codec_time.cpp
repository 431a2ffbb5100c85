#include "schema/codec_time.hpp"

#include "schema/codec_text.hpp"
#include "schema/element.hpp"
#include "schema/msgpack_text.hpp"
#include "schema/time_text.hpp"

namespace troupe::schema {
namespace {

/// What a type's texts are held against, and what is said of one that fails.
struct Form {
  bool (*check)(std::string_view text);
  std::string_view type_type, parsing_type, rule;
};

bool is_timestamp(std::string_view text) {
  return is_infinity(text) || timestamp_form(text) == TimestampForm::local;
}

bool is_timestamptz(std::string_view text) {
  return is_infinity(text) || timestamp_form(text) == TimestampForm::with_offset;
}

bool is_some_text(std::string_view text) {
  return !text.empty() && !check_text(text);
}

constexpr Form date_form{is_date, "date_type", "date_parsing", "must be a date as YYYY-MM-DD"};
constexpr Form time_form{is_time, "time_type", "time_parsing", "must be a time as HH:MM:SS"};
constexpr Form local_form{is_timestamp, "datetime_type", "datetime_parsing",
                          "must be a date and time as YYYY-MM-DDTHH:MM:SS, without an offset"};
constexpr Form offset_form{
    is_timestamptz, "datetime_type", "datetime_parsing",
    "must be a date and time with an offset, as YYYY-MM-DDTHH:MM:SSZ or YYYY-MM-DDTHH:MM:SS+02:00"};
constexpr Form interval_form{is_some_text, "time_delta_type", "time_delta_parsing",
                             "must be an interval, as in 1 day 02:30:00"};

template <const Form& form>
MaybeFault parse_time(std::string_view text, const Column&, std::string& out) {
  if (!form.check(text)) return value_fault(form.parsing_type, std::string(form.rule));
  append_text_element(text, out);
  return std::nullopt;
}

template <const Form& form>
MaybeFault read_time(const Scalar& value, const Column& column, std::string& out) {
  if (take_null(value, column, out)) return std::nullopt;
  if (value.kind == Scalar::Kind::text) return parse_time<form>(value.text, column, out);
  return type_fault(form.type_type, form.rule, column);
}

/// PostgreSQL's "2024-01-02 03:04:05.5+00" in the form of RFC 3339: "2024-01-02", "03:04:05.5+00", ":00".
/// What that has no form for (an infinity, a year before Christ) stays as it is, whole in `date`.
struct Rfc3339 {
  std::string_view date, time{}, minutes{};

  explicit Rfc3339(std::string_view wire) : date(wire) {
    const auto blank = wire.find(' ');
    if (blank == std::string_view::npos || wire.ends_with(" BC")) return;
    date = wire.substr(0, blank);
    time = wire.substr(blank + 1);
    const char sign = time.size() < 3 ? ':' : time[time.size() - 3];
    if (sign == '+' || sign == '-') minutes = ":00";
  }

  std::size_t size() const { return date.size() + (time.empty() ? 0 : 1) + time.size() + minutes.size(); }

  void append(std::string& out) const {
    out += date;
    if (!time.empty()) out += 'T';
    out += time;
    out += minutes;
  }
};

void write_json_timestamp(std::string_view wire, const Column&, std::string& out) {
  out += '"';
  Rfc3339(wire).append(out);
  out += '"';
}

void write_msgpack_timestamp(std::string_view wire, const Column&, std::string& out) {
  const Rfc3339 text(wire);
  StringSink sink{out};
  MsgpackPacker(sink).pack_str(static_cast<std::uint32_t>(text.size()));
  text.append(out);
}

}  // namespace

const Codec date_codec{read_time<date_form>, parse_time<date_form>, write_json_text, write_msgpack_text};
const Codec time_codec{read_time<time_form>, parse_time<time_form>, write_json_text, write_msgpack_text};
const Codec timestamp_codec{read_time<local_form>, parse_time<local_form>, write_json_timestamp,
                            write_msgpack_timestamp};
const Codec timestamptz_codec{read_time<offset_form>, parse_time<offset_form>, write_json_timestamp,
                              write_msgpack_timestamp};
const Codec interval_codec{read_time<interval_form>, parse_time<interval_form>, write_json_text,
                           write_msgpack_text};

}  // namespace troupe::schema
