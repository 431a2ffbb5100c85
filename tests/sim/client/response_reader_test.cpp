#include "sim/client/response_reader.hpp"

#include <catch2/catch.hpp>
#include <cstring>

#include "helpers/http_answers.hpp"

using namespace troupe::sim;
using troupe::tests::HttpAnswer;

namespace {

/// Reads the answer in two pieces; says how many bytes it took.
std::size_t read_in_two(ResponseReader& reader, const HttpAnswer& answer, std::size_t split) {
  reader.begin({.to_head = std::strcmp(answer.method, "HEAD") == 0, .fields = true, .body = true});
  const std::string_view bytes = answer.bytes;
  auto used = reader.take(bytes.substr(0, split));
  if (used == split) used += reader.take(bytes.substr(split));
  if (answer.closes) reader.take_end();
  return used;
}

void check(ResponseReader& reader, const HttpAnswer& answer, std::size_t used) {
  if (answer.status == 0) {
    CHECK_FALSE(reader.is_done());
    if (reader.has_failed()) CHECK_THAT(std::string(reader.fault()), Catch::Contains(answer.body));
    return;
  }
  REQUIRE(reader.is_done());
  CHECK(reader.head().status == answer.status);
  CHECK(reader.body() == answer.body);
  CHECK(reader.body_bytes() == answer.body.size());
  CHECK((reader.keeps_connection() && used == answer.bytes.size()) == answer.keeps);
}

}  // namespace

TEST_CASE("an answer is what it is, wherever its bytes are split") {
  for (const auto& answer : troupe::tests::http_answers()) {
    CAPTURE(answer.what);
    ResponseReader reader;
    // Of long ones the beginning and the end are split: the middle is all alike.
    const auto size = answer.bytes.size();
    for (std::size_t split = 0; split <= size; ++split) {
      if (split > 300 && split + 100 < size) continue;
      CAPTURE(split);
      const auto used = read_in_two(reader, answer, split);
      check(reader, answer, used);
    }
  }
}

TEST_CASE("an answer is what it is when it comes byte by byte") {
  for (const auto& answer : troupe::tests::http_answers()) {
    CAPTURE(answer.what);
    ResponseReader reader;
    reader.begin({.to_head = std::strcmp(answer.method, "HEAD") == 0, .fields = true, .body = true});
    std::size_t used = 0;
    while (used < answer.bytes.size() && reader.take(std::string_view(answer.bytes).substr(used, 1)) == 1 &&
           !reader.has_failed())
      ++used;
    if (answer.closes) reader.take_end();
    check(reader, answer, used);
  }
}

TEST_CASE("only so much of a body is kept, and all of it is counted") {
  ResponseReader reader;
  reader.begin({.body = true});
  const std::string half(ResponseReader::most_kept_body / 2 + 1, 'x');
  reader.take("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(2 * half.size()) + "\r\n\r\n");
  reader.take(half);
  CHECK_FALSE(reader.body_is_cut());
  reader.take(half);
  REQUIRE(reader.is_done());
  CHECK(reader.body().size() == ResponseReader::most_kept_body);
  CHECK(reader.body_is_cut());
  CHECK(reader.body_bytes() == 2 * half.size());
}

TEST_CASE("nothing is kept that nobody wants") {
  ResponseReader reader;
  reader.begin({});
  reader.take("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nok");
  REQUIRE(reader.is_done());
  CHECK(reader.body().empty());
  CHECK(reader.fields().empty());
  CHECK(reader.body_bytes() == 2);
}

TEST_CASE("the fields that are kept are the final answer's, unfolded") {
  ResponseReader reader;
  reader.begin({.fields = true});
  reader.take(
      "HTTP/1.1 103 Early Hints\r\nA: early\r\n\r\nHTTP/1.1 201 Created\r\nA: x\r\n  y\r\nSet-Cookie: a=b\r\n"
      "Set-Cookie: c=d\r\nLocation: /items/7\r\nContent-Length: 0\r\n\r\n");
  REQUIRE(reader.is_done());
  std::string shown;
  std::string_view lines = reader.fields(), name, value;
  while (take_field(lines, name, value)) shown.append(name).append("=").append(value).append(";");
  CHECK(shown == "A=x    y;Set-Cookie=a=b;Set-Cookie=c=d;Location=/items/7;Content-Length=0;");
  CHECK(reader.head().location == "/items/7");
  CHECK(reader.head().cookies == std::vector<std::string>{"a=b", "c=d"});
}

TEST_CASE("a chunk's first line and a trailer have limits") {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  ResponseReader reader;
  reader.begin({});
  reader.take(head + "2;x=" + std::string(17 * 1024, 'x'));
  CHECK(reader.fault() == "a chunk's first line is longer than 16 KiB");
  reader.begin({});
  reader.take(head + "0\r\n");
  const auto line = "A: " + std::string(1'000, 'x') + "\r\n";
  for (int i = 0; i < 70 && !reader.has_failed(); ++i) reader.take(line);
  CHECK(reader.fault() == "the trailer of the answer is larger than 64 KiB");
}
