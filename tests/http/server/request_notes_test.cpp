// What of a request no route looks at: kept for who wants it, and not copied else.
#include <catch2/catch.hpp>
#include <string>

#include "http/server/request_parser.hpp"

using namespace troupe::http;

namespace {

const std::string fields =
    "Host: a\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: PUT\r\nReferer: /b\r\n"
    "User-Agent: c\r\nx-request-ID: d\r\nTraceParent: e\r\n";

Request parsed(const std::string& head, const NotedFields& noted) {
  ParserLimits limits;
  limits.noted = noted;
  RequestParser parser(limits);
  REQUIRE(parser.feed(head + "\r\n").status == RequestParser::Status::complete);
  return parser.request();
}

}  // namespace

TEST_CASE("where nobody looks at notes only a request id is kept, which the client wants back") {
  const auto request = parsed("GET / HTTP/1.1\r\n" + fields, {});
  REQUIRE(request.notes);
  CHECK(request.notes->request_id == "d");
  CHECK(request.notes->wanted_method + request.notes->referer + request.notes->user_agent +
            request.notes->trace_parent ==
        "");
  CHECK_FALSE(parsed("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: b\r\n", {}).notes);
}

TEST_CASE("who wants notes gets just those") {
  const auto logged = parsed("GET / HTTP/1.1\r\n" + fields, {.log = true});
  CHECK(logged.notes->referer == "/b");
  CHECK(logged.notes->user_agent == "c");
  const auto cors = parsed("GET / HTTP/1.1\r\n" + fields, {.cors = true});
  CHECK(cors.origin == "https://a.example");
  CHECK(cors.notes->wanted_method == "PUT");
  CHECK(cors.notes->referer.empty());
  CHECK(parsed("GET / HTTP/1.1\r\n" + fields, {.trace = true}).notes->trace_parent == "e");
}

TEST_CASE(
    "what a request shows for itself is kept where somebody asks who it is, also where it is repeated") {
  const std::string head =
      "GET / HTTP/1.1\r\nHost: a\r\nAUTHORIZATION: Bearer k\r\nx-api-key: l\r\nX-API-Key: m\r\n"
      "Cookie: a=b\r\nCookie: c=d\r\nOrigin: http://a\r\nX-API-Keys: n\r\n";
  const auto request = parsed(head, {.who = true});
  CHECK(request.authorization == "Bearer k");
  CHECK(request.api_key == "l, m");
  CHECK(request.cookie == "a=b; c=d");
  CHECK(request.origin == "http://a");
  const auto nobody = parsed(head, {});
  CHECK((nobody.authorization + nobody.api_key + nobody.cookie + nobody.origin).empty());
}

TEST_CASE("a field that may stand only once is no valid one when it is repeated") {
  const auto request = parsed("GET / HTTP/1.1\r\nHost: a\r\nOrigin: x\r\nOrigin: y\r\n", {.cors = true});
  CHECK(request.origin == "x, y");
}

TEST_CASE("an odd method is noted as it was written, and forgotten with the request") {
  CHECK(parsed("BREW / HTTP/1.1\r\nHost: a\r\n", {.log = true}).notes->method == "BREW");
  CHECK_FALSE(parsed("BREW / HTTP/1.1\r\nHost: a\r\n", {}).notes);
  ParserLimits limits;
  limits.noted.log = true;
  RequestParser parser(limits);
  parser.feed("TRACE / HTTP/1.1\r\nHost: a\r\nUser-Agent: x\r\n\r\n");
  parser.reset();
  CHECK_FALSE(parser.request().notes);
}
