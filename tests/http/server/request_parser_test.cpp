#include "http/server/request_parser.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <tuple>

#include "helpers/feed_request.hpp"

namespace troupe::http {

namespace {

using Status = RequestParser::Status;

/// The request that `head` (without the empty line) and `body` make; the test fails unless there is one.
Request parse(const std::string& head, std::string_view body = {}) {
  RequestParser parser{ParserLimits{}};
  const auto progress = parser.feed(head + "\r\n\r\n" + std::string(body));
  INFO(head);
  REQUIRE(progress.status == Status::complete);
  return parser.request();
}

}  // namespace

TEST_CASE("A request is split into what the routes need") {
  const Request request = parse(
      "POST /items/?a=1&b=%20 HTTP/1.1\r\nHost: example.org:8080\r\nContent-Type: application/json\r\n"
      "Accept: text/html\r\naccept: application/msgpack;q=0.5\r\nContent-Encoding: gzip\r\nContent-Length: 2",
      "{}");
  CHECK(request.method == Method::post);
  CHECK(request.path == "/items/");
  CHECK(request.query == "a=1&b=%20");
  CHECK(request.host == "example.org:8080");
  CHECK(request.content_type == "application/json");
  CHECK(request.content_encoding == "gzip");
  CHECK(request.accept == "text/html, application/msgpack;q=0.5");
  CHECK(request.body == "{}");
  CHECK_FALSE(request.http_1_0);
  CHECK(request.keep_alive);
}

TEST_CASE("Methods are told apart, in their own case only") {
  const auto [name, method] = GENERATE(table<std::string, Method>({{"GET", Method::get},
                                                                   {"HEAD", Method::head},
                                                                   {"POST", Method::post},
                                                                   {"PUT", Method::put},
                                                                   {"PATCH", Method::patch},
                                                                   {"DELETE", Method::delete_},
                                                                   {"OPTIONS", Method::options},
                                                                   {"TRACE", Method::known},
                                                                   {"PROPFIND", Method::known},
                                                                   {"get", Method::other},
                                                                   {"BREW", Method::other}}));
  CHECK(parse(name + " / HTTP/1.1\r\nHost: a").method == method);
  CHECK(parse("CONNECT a:443 HTTP/1.1\r\nHost: a").method == Method::other);
}

TEST_CASE("Each form of the request target gives path, query and host") {
  struct Row {
    std::string request_line, path, query, host;
  };
  const auto row = GENERATE(values<Row>({
      {"GET /items/7", "/items/7", "", "field"},
      {"GET /items?", "/items", "", "field"},
      {"GET /?a?b", "/", "a?b", "field"},
      {"GET //items", "//items", "", "field"},
      {"GET /%41%7e%2D/%69tems/%31", "/A~-/items/1", "", "field"},
      {"GET /items%2F1%c3%A4%25?%41", "/items%2F1%c3%A4%25", "%41", "field"},
      {"GET http://target/%69tems", "/items", "", "target"},
      {"GET http://target:81/items?x=1", "/items", "x=1", "target:81"},
      {"GET https://[::1]", "/", "", "[::1]"},
      {"GET http://target?x=1", "/", "x=1", "target"},
      {"OPTIONS *", "*", "", "field"},
      {"CONNECT target:443", "", "", "target:443"},
  }));
  const Request request = parse(row.request_line + " HTTP/1.1\r\nHost: field");
  CHECK(request.path == row.path);
  CHECK(request.query == row.query);
  CHECK(request.host == row.host);
}

TEST_CASE("The connection persists as RFC 9112 section 9.3 says") {
  const auto [fields, keep_alive] = GENERATE(table<std::string, bool>({
      {"HTTP/1.1\r\nHost: a", true},
      {"HTTP/1.7\r\nHost: a", true},
      {"HTTP/1.1\r\nHost: a\r\nConnection: close", false},
      {"HTTP/1.1\r\nHost: a\r\nConnection: Close", false},
      {"HTTP/1.1\r\nHost: a\r\nConnection: upgrade, ,close", false},
      {"HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close", false},
      {"HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: keep-alive", false},
      {"HTTP/1.1\r\nHost: a\r\nConnection: closed", true},
      {"HTTP/1.1\r\nHost: a\r\nProxy-Connection: close", true},
      {"HTTP/1.0", false},
      {"HTTP/1.0\r\nConnection: Keep-Alive", true},
      {"HTTP/1.0\r\nConnection: keep-alive, close", false},
      {"HTTP/1.0\r\nConnection: te", false},
  }));
  CHECK(parse("GET / " + fields).keep_alive == keep_alive);
}

TEST_CASE("No request follows a CONNECT, behind which a proxy forwards whatever its client sends") {
  CHECK_FALSE(parse("CONNECT a:443 HTTP/1.1\r\nHost: a:443").keep_alive);
  CHECK_FALSE(parse("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nConnection: keep-alive").keep_alive);
  CHECK(parse("OPTIONS * HTTP/1.1\r\nHost: a").keep_alive);
}

TEST_CASE("A chunked body arrives without its framing") {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked";
  CHECK(parse(head, "5;x=y\r\nhello\r\n7\r\n, world\r\n0\r\nX: y\r\n\r\n").body == "hello, world");
}

TEST_CASE("Pipelined requests are parsed one after the other, whatever the split") {
  const std::string first =
      "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Type: x/y\r\n\r\nabc";
  const std::string second = "\r\nPOST /2 HTTP/1.0\r\nHost: b\r\nContent-Length: 1\r\n\r\nd";
  const std::string third =
      "GET /3 HTTP/1.1\r\nHost: c\r\nTransfer-Encoding: chunked\r\n\r\n1\r\ne\r\n0\r\n\r\n";
  const std::string stream = first + second + third;
  const std::size_t step = GENERATE(1, 2, 3, 7, 50, 1000);
  RequestParser parser{ParserLimits{}};
  std::string_view rest = stream;
  for (const std::string& message : {first, second, third}) {
    const Outcome outcome = feed_in_pieces(parser, rest, [&] { return step; });
    CHECK(outcome == feed_whole(message));
    CHECK(outcome.consumed == message.size());
    rest.remove_prefix(message.size());
    parser.reset();
  }
  CHECK(rest.empty());
}

TEST_CASE("The parser says how far a message has come") {
  RequestParser parser{ParserLimits{}};
  std::string pending;
  const auto feed = [&](std::string_view bytes) {
    pending += bytes;
    const auto progress = parser.feed(pending);
    pending.erase(0, progress.consumed);
    return progress.status;
  };
  CHECK(feed("\r\n") == Status::need_more);
  CHECK_FALSE(parser.started());
  CHECK(feed("P") == Status::need_more);
  CHECK(parser.started());
  CHECK(feed("OST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r") ==
        Status::need_more);
  CHECK_FALSE(parser.header_done());
  CHECK_FALSE(parser.wants_continue());
  CHECK(feed("\n") == Status::need_more);
  CHECK(parser.header_done());
  CHECK(parser.wants_continue());
  CHECK(feed("a") == Status::need_more);
  CHECK_FALSE(parser.wants_continue());
  CHECK(feed("b") == Status::complete);
  CHECK(parser.header_done());
  parser.reset();
  CHECK_FALSE(parser.started());
  CHECK_FALSE(parser.header_done());
}

TEST_CASE("100 Continue is wanted only when the client asked and a body is still to come") {
  const auto [message, wanted] = GENERATE(table<std::string, bool>({
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", true},
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n", true},
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\na", false},
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n2", false},
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", false},
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", false},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n", false},
      {"POST / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", false},
  }));
  INFO(message);
  RequestParser parser{ParserLimits{}};
  REQUIRE(parser.feed(message).status != Status::rejected);
  CHECK(parser.wants_continue() == wanted);
}

TEST_CASE("After a rejection nothing more is parsed") {
  RequestParser parser{ParserLimits{}};
  CHECK(parser.feed("nonsense\r\n").status == Status::rejected);
  CHECK_FALSE(parser.rejection().detail.empty());
  const auto progress = parser.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(progress.status == Status::rejected);
  CHECK(progress.consumed == 0);
}

TEST_CASE("A request that is at a limit passes, one byte more does not") {
  const ParserLimits limits{.header = 200, .target = 50, .body = 20, .fields = 6};
  const auto with_fields = [](std::size_t count) {
    std::string message = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (std::size_t i = 1; i < count; ++i) message += i % 2 == 0 ? "X:\r\n" : "Accept: a\r\n";
    return message + "\r\n";
  };
  const auto with_target = [](std::size_t size) {
    return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  const auto with_header = [](std::size_t size) {
    const std::string rest = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
    return "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(size - rest.size(), 'x') + "\r\n\r\n";
  };
  const auto with_length = [](std::size_t size) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'b');
  };
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto with_chunks = [&](std::size_t size) {
    std::string message = chunked;
    for (std::size_t i = 0; i < size; ++i) message += "1\r\nb\r\n";
    return message + "0\r\n\r\n";
  };
  const auto with_extension = [&](std::size_t size) {
    const std::string name(size + std::string_view("0000000000000000").size() - std::string_view("1;").size(),
                           'x');
    return chunked + "1;" + name + "\r\nb\r\n0\r\n\r\n";
  };
  const auto with_trailers = [&](std::size_t size) {
    return chunked + "0\r\nX:\r\nY:" + std::string(size - std::string_view("X:Y:").size(), 'y') + "\r\n\r\n";
  };
  const auto [at_limit, beyond, status] = GENERATE_COPY(table<std::string, std::string, int>({
      {with_target(50), with_target(51), 414},
      {with_header(200), with_header(201), 431},
      {with_length(20), with_length(21), 413},
      {with_chunks(20), with_chunks(21), 413},
      {with_extension(200), with_extension(201), 431},
      {with_trailers(200), with_trailers(201), 431},
      {with_fields(6), with_fields(7), 431},
  }));
  INFO(beyond);
  CHECK(feed_whole(at_limit, limits).result == "complete");
  CHECK(feed_byte_by_byte(at_limit, limits) == feed_whole(at_limit, limits));
  CHECK(feed_whole(beyond, limits).result == "rejected " + std::to_string(status));
  CHECK(feed_byte_by_byte(beyond, limits) == feed_whole(beyond, limits));
}

TEST_CASE("What is too large is refused before it is whole") {
  const ParserLimits limits{.header = 200, .target = 50, .body = 20};
  const auto [bytes, status] = GENERATE(table<std::string, int>({
      {"GET /" + std::string(50, 'a'), 414},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(201 - 28, 'x'), 431},
      {std::string(201, 'G'), 501},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(217, 'x'), 431},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(219, '0'), 431},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(200, 'x'),
       431},
  }));
  INFO(bytes);
  CHECK(feed_whole(bytes, limits).result == "rejected " + std::to_string(status));
  CHECK(feed_byte_by_byte(bytes, limits) == feed_whole(bytes, limits));
  const std::string_view less = std::string_view(bytes).substr(0, bytes.size() - 1);
  CHECK(feed_whole(less, limits).result == "need_more");
}

TEST_CASE("Chunk extensions are bounded over the whole body, not each alone") {
  const ParserLimits limits{.header = 200, .target = 50, .body = 1000};
  std::string message = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 10; ++i) message += "1;" + std::string(60, 'x') + "\r\nb\r\n";
  CHECK(feed_whole(message, limits).result == "rejected 431");
  CHECK(feed_byte_by_byte(message, limits) == feed_whole(message, limits));
}

TEST_CASE("A reset parser keeps nothing of the last request but the memory") {
  RequestParser parser{ParserLimits{}};
  const std::string first =
      "OPTIONS http://target/path/long/enough/to/allocate?query HTTP/1.0\r\nHost: h\r\nAccept: "
      "a/b\r\nContent-Type: "
      "c/d\r\nContent-Encoding: e\r\nAuthorization: f\r\nX-API-Key: g\r\nCookie: i\r\nOrigin: j\r\nExpect: "
      "x\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nb";
  REQUIRE(parser.feed(first).status == Status::complete);
  const std::size_t capacity = parser.request().path.capacity();
  parser.reset();
  const std::string second = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const Outcome outcome = feed_in_pieces(parser, second, [&] { return second.size(); });
  CHECK(outcome == feed_whole(second));
  CHECK(parser.request().path.capacity() == capacity);
}

}  // namespace troupe::http
