#include "http/server/response_head.hpp"

#include <array>
#include <charconv>
#include <ctime>

#include "http/server/problem.hpp"

namespace troupe::http {

namespace {

/// IMF-fixdate as a whole field line; the x stand where `DateLine` writes.
constexpr std::string_view date_line_pattern = "Date: xxx, xx xxx xxxx xx:xx:xx GMT\r\n";

/// The Date field (RFC 9110 section 6.6.1), rendered at most once a second.
class DateLine {
 public:
  std::string_view at(std::chrono::system_clock::time_point time) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    if (second != rendered_) render(second);
    return {line_.data(), line_.size()};
  }

 private:
  void render(std::chrono::sys_seconds second) {
    using namespace std::chrono;
    const auto day = floor<days>(second);
    const year_month_day date(day);
    const hh_mm_ss clock(second - day);
    date_line_pattern.copy(line_.data(), line_.size());
    name(6, "SunMonTueWedThuFriSat", weekday(day).c_encoding());
    digits(11, 2, static_cast<unsigned>(date.day()));
    name(14, "JanFebMarAprMayJunJulAugSepOctNovDec", static_cast<unsigned>(date.month()) - 1);
    digits(18, 4, static_cast<unsigned>(static_cast<int>(date.year())));
    digits(23, 2, static_cast<unsigned>(clock.hours().count()));
    digits(26, 2, static_cast<unsigned>(clock.minutes().count()));
    digits(29, 2, static_cast<unsigned>(clock.seconds().count()));
    rendered_ = second;
  }

  void name(std::size_t at, std::string_view names, unsigned index) {
    names.copy(line_.data() + at, 3, std::size_t{3} * index);
  }

  void digits(std::size_t at, std::size_t width, unsigned value) {
    for (std::size_t i = width; i > 0; --i, value /= 10)
      line_[at + i - 1] = static_cast<char>('0' + value % 10);
  }

  std::chrono::sys_seconds rendered_ = std::chrono::sys_seconds::min();
  std::array<char, date_line_pattern.size()> line_{};
};

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_status_line(std::string& out, int status) {
  switch (status) {
    case 200:
      out += "HTTP/1.1 200 OK\r\n";
      return;
    case 201:
      out += "HTTP/1.1 201 Created\r\n";
      return;
    case 204:
      out += "HTTP/1.1 204 No Content\r\n";
      return;
    default:
      out += "HTTP/1.1 ";
      append_number(out, static_cast<std::size_t>(status));
      out += ' ';
      out += reason_phrase(status);
      out += "\r\n";
  }
}

}  // namespace

std::chrono::system_clock::time_point about_now() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &time);  // which cannot fail for this clock
  using namespace std::chrono;
  return system_clock::time_point(
      duration_cast<system_clock::duration>(seconds(time.tv_sec) + nanoseconds(time.tv_nsec)));
}

void append_response_head(std::string& out, int status, std::string_view content_type,
                          std::optional<std::size_t> content_length, bool keep_alive, bool http_1_0,
                          std::string_view extra_fields, std::chrono::system_clock::time_point now) {
  thread_local DateLine date;
  append_status_line(out, status);
  out += date.at(now);
  if (!content_type.empty()) {
    out += "Content-Type: ";
    out += content_type;
    out += "\r\nX-Content-Type-Options: nosniff\r\n";
  }
  if (content_length && status >= 200 && status != 204 && status != 304) {
    out += "Content-Length: ";
    append_number(out, *content_length);
    out += "\r\n";
  }
  if (!keep_alive) {
    out += "Connection: close\r\n";
  } else if (http_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += extra_fields;
  out += "\r\n";
}

}  // namespace troupe::http
