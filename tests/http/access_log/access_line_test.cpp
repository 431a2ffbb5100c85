#include "http/access_log/access_line.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

using namespace troupe;
using namespace troupe::http;
using namespace std::chrono_literals;

namespace {

/// 28 Nov 2026, 04:12:51.042.
constexpr std::chrono::system_clock::time_point moment{1795839171042ms};

AccessRecord record_of_get() {
  AccessRecord record;
  record.client = boost::asio::ip::make_address("192.0.2.7");
  record.method = "GET";
  record.path = "/orders/7";
  record.status = 200;
  record.bytes = 34;
  record.took = 1250us;
  return record;
}

std::string line_of(AccessLogFormat format, const AccessRecord& record) {
  std::string line;
  append_access_line(format, record, moment, line);
  return line;
}

}  // namespace

TEST_CASE("a common line is Apache's") {
  auto record = record_of_get();
  CHECK(line_of(AccessLogFormat::common, record) ==
        "192.0.2.7 - - [28/Nov/2026:04:12:51 +0000] \"GET /orders/7 HTTP/1.1\" 200 34\n");
  record.caller = "till 3";
  record.query = "a=1&b=2";
  record.http_1_0 = true;
  record.bytes = 0;
  CHECK(line_of(AccessLogFormat::common, record) ==
        "192.0.2.7 - till\\x203 [28/Nov/2026:04:12:51 +0000] \"GET /orders/7?a=1&b=2 HTTP/1.0\" 200 -\n");
}

TEST_CASE("a combined line has the referer and the user agent behind it") {
  auto record = record_of_get();
  CHECK(line_of(AccessLogFormat::combined, record).ends_with(" 200 34 \"-\" \"-\"\n"));
  record.referer = "https://shop.example/?q=1";
  record.user_agent = "curl/7.88";
  CHECK(line_of(AccessLogFormat::combined, record)
            .ends_with(" 200 34 \"https://shop.example/?q=1\" \"curl/7.88\"\n"));
}

TEST_CASE("a request of which nothing could be read is a dash") {
  AccessRecord record;
  record.client = boost::asio::ip::make_address("::1");
  record.status = 400;
  CHECK(line_of(AccessLogFormat::combined, record) ==
        "::1 - - [28/Nov/2026:04:12:51 +0000] \"-\" 400 - \"-\" \"-\"\n");
}

TEST_CASE("a JSON line has everything that is known, and no more") {
  auto record = record_of_get();
  CHECK(line_of(AccessLogFormat::json, record) ==
        R"({"time":"2026-11-28T04:12:51.042Z","client":"192.0.2.7","method":"GET","path":"/orders/7",)"
        R"("protocol":"HTTP/1.1","status":200,"bytes":34,"duration_ms":1.250})"
        "\n");
  record.caller = "till";
  record.route = "GET /orders/{id}";
  record.request_id = "r1";
  record.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  record.parent_id = "00f067aa0ba902b7";
  record.span_id = "0123456789abcdef";
  record.user_agent = "curl";
  const auto line = boost::json::parse(line_of(AccessLogFormat::json, record));
  for (const auto* name :
       {"caller", "route", "request_id", "trace_id", "parent_id", "span_id", "user_agent"}) {
    CAPTURE(name);
    CHECK(line.as_object().contains(name));
  }
}

TEST_CASE("nothing that a client sends ends its line or its field, or reaches a terminal") {
  const std::string nasty = "a\"b\\c\n127.0.0.1 - - forged\r\x1b[31m\x7f\xc2\x85\xff\x01";
  const auto format = GENERATE(AccessLogFormat::combined, AccessLogFormat::json);
  auto record = record_of_get();
  record.user_agent = nasty;
  record.referer = nasty;
  record.method = nasty;
  record.caller = nasty;
  record.request_id = nasty;
  const auto line = line_of(format, record);
  CAPTURE(line);
  CHECK(line.find('\n') == line.size() - 1);
  CHECK(line.find('\r') == line.npos);
  CHECK(line.find('\x1b') == line.npos);
  CHECK(line.find('\x7f') == line.npos);
  CHECK(line.find("\xc2\x85") == line.npos);
  if (format == AccessLogFormat::json) {
    CHECK_NOTHROW(boost::json::parse(line));
  } else {
    CHECK(line.find("\"a\\\"b\\\\c\\x0a") != line.npos);
  }
}

TEST_CASE("a field is cut where it is of no help any more") {
  auto record = record_of_get();
  record.user_agent = std::string_view();
  const auto plain = line_of(AccessLogFormat::combined, record).size();
  const std::string endless(100'000, 'x');
  record.user_agent = record.referer = endless;
  CHECK(line_of(AccessLogFormat::combined, record).size() < plain + 2100);
}

TEST_CASE("values of parameters with secret names are masked, and tokens by their form") {
  const auto [query, shown] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"limit=5&name.like=a%25", "limit=5&name.like=a%25"},
      {"token=abc", "token=***"},
      {"a=1&api_key=abc&b=2", "a=1&api_key=***&b=2"},
      {"PassWord=x&", "PassWord=***&"},
      {"p%61ssword=x", "p%61ssword=***"},
      {"to%6ben=x", "to%6ben=***"},
      {"token", "token"},
      {"q=eyJhbGciOiJIUzI1NiJ9.e30.x", "q=***"},
      {"u=postgresql://u:p@h/d", "u=***"},
      {"u=postgresql%3A%2F%2Fu%3ap%40h", "u=***"},
      {"session_id.in=1,2", "session_id.in=***"},
  }));
  CHECK(masked_query(query) == shown);
}
