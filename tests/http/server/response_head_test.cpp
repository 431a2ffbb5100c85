#include "http/server/response_head.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <tuple>

namespace troupe::http {

namespace {

using namespace std::chrono_literals;

/// The example of RFC 9110 section 5.6.7: Sun, 06 Nov 1994 08:49:37 GMT.
constexpr std::chrono::system_clock::time_point example_time{784111777s};

struct Answer {
  int status = 200;
  std::string content_type = {};
  std::optional<std::size_t> content_length = 0;
  bool keep_alive = true;
  bool http_1_0 = false;
  std::string extra_fields = {};
  std::chrono::system_clock::time_point now = example_time;
};

std::string head_of(const Answer& answer) {
  std::string head;
  append_response_head(head, answer.status, answer.content_type, answer.content_length, answer.keep_alive,
                       answer.http_1_0, answer.extra_fields, answer.now);
  return head;
}

bool has_line(const std::string& head, const std::string& line) {
  return head.find("\r\n" + line + "\r\n") != head.npos;
}

}  // namespace

TEST_CASE("A response head holds the status line, the fields and an empty line") {
  CHECK(head_of({.status = 201,
                 .content_type = "application/json",
                 .content_length = 27,
                 .extra_fields = "Location: /items/7\r\nX: y\r\n"}) ==
        "HTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: application/json\r\n"
        "X-Content-Type-Options: nosniff\r\nContent-Length: 27\r\nLocation: /items/7\r\nX: y\r\n\r\n");
}

TEST_CASE("The head is appended to what is already there") {
  std::string out = "before";
  append_response_head(out, 204, {}, std::nullopt, true, false, {}, example_time);
  CHECK(out == "beforeHTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
}

TEST_CASE("The status line carries the standard reason phrase") {
  const auto [status, line] =
      GENERATE(table<int, std::string>({{200, "HTTP/1.1 200 OK\r\n"},
                                        {404, "HTTP/1.1 404 Not Found\r\n"},
                                        {417, "HTTP/1.1 417 Expectation Failed\r\n"},
                                        {503, "HTTP/1.1 503 Service Unavailable\r\n"}}));
  CHECK(head_of({.status = status}).starts_with(line));
}

TEST_CASE("Content-Length is there for every status that may have one") {
  const auto [status, allowed] = GENERATE(table<int, bool>({{200, true},
                                                            {201, true},
                                                            {404, true},
                                                            {503, true},
                                                            {204, false},
                                                            {304, false},
                                                            {100, false},
                                                            {103, false}}));
  CHECK(has_line(head_of({.status = status, .content_length = 0}), "Content-Length: 0") == allowed);
  CHECK(head_of({.status = status, .content_length = std::nullopt}).find("Content-Length") ==
        std::string::npos);
}

TEST_CASE("Connection is said where the client's version does not imply it") {
  const auto [keep_alive, http_1_0, line] = GENERATE(table<bool, bool, std::string>({
      {true, false, ""},
      {true, true, "Connection: keep-alive"},
      {false, false, "Connection: close"},
      {false, true, "Connection: close"},
  }));
  const std::string head = head_of({.keep_alive = keep_alive, .http_1_0 = http_1_0});
  if (line.empty()) {
    CHECK(head.find("Connection") == std::string::npos);
  } else {
    CHECK(has_line(head, line));
  }
}

TEST_CASE("Date follows the clock, forwards and backwards, on every thread") {
  const auto [time, date] = GENERATE(table<std::chrono::seconds, std::string>({
      {0s, "Date: Thu, 01 Jan 1970 00:00:00 GMT"},
      {951827696s, "Date: Tue, 29 Feb 2000 12:34:56 GMT"},
      {1767225599s, "Date: Wed, 31 Dec 2025 23:59:59 GMT"},
      {1767225600s, "Date: Thu, 01 Jan 2026 00:00:00 GMT"},
  }));
  const Answer answer{.now = std::chrono::system_clock::time_point(time)};
  CHECK(has_line(head_of(answer), date));
  CHECK(has_line(head_of({.now = answer.now + 999ms}), date));
  CHECK_FALSE(has_line(head_of({.now = answer.now + 1s}), date));
  std::string elsewhere;
  std::thread([&] { elsewhere = head_of(answer); }).join();
  CHECK(has_line(elsewhere, date));
}

}  // namespace troupe::http
