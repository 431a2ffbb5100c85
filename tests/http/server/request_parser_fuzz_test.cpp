#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "helpers/feed_request.hpp"
#include "helpers/mutate.hpp"

namespace troupe::http {

namespace {

using tests::below;
using tests::mutate_bytes;
using tests::Random;

constexpr ParserLimits small_limits{.header = 300, .target = 60, .body = 40, .noted = {.who = true}};

const std::array<std::string, 6> seeds{
    "GET /items/7?order=-name HTTP/1.1\r\nHost: example.org:8080\r\nAccept: application/json\r\n\r\n",
    "POST /items/ HTTP/1.1\r\nHost: [::1]:80\r\nContent-Type: application/json\r\nContent-Length: "
    "12\r\n\r\n{\"name\":\"x\"}",
    "POST /items/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
    "chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n",
    "\r\nGET http://a.example/items?x=%20 HTTP/1.0\r\nConnection: keep-alive, te\r\nHost: b\r\n\r\n",
    "PUT /items/1 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: "
    "close\r\n\r\nabcd",
    "OPTIONS * HTTP/1.2\r\nHost: 127.0.0.1\r\nX-Long: 0123456789012345678901234567890123456789\r\n\r\n",
};

/// Pieces of HTTP that a parser may trip over, put in wherever chance wants them.
const std::array<std::string_view, 20> fragments{"\r\n",
                                                 "\r",
                                                 "\n",
                                                 "\r\n\r\n",
                                                 " ",
                                                 "\t",
                                                 ":",
                                                 ",",
                                                 ";",
                                                 "\"",
                                                 "%",
                                                 "%2",
                                                 "0",
                                                 "ffffffffffffffff",
                                                 "HTTP/1.1",
                                                 "Host: b\r\n",
                                                 "Content-Length: 3\r\n",
                                                 "Transfer-Encoding: chunked\r\n",
                                                 "Connection: close\r\n",
                                                 std::string_view("\0", 1)};

}  // namespace

TEST_CASE("However a mutated request is split, it comes to the same end") {
  const std::size_t seed = GENERATE(range<std::size_t>(0, seeds.size()));
  Random random(static_cast<unsigned>(seed) + 1);
  int completed = 0;
  int rejected = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string message = seeds[seed];
    for (std::size_t mutations = below(random, 4); mutations > 0; --mutations)
      mutate_bytes(message, fragments, random);
    const Outcome whole = feed_whole(message, small_limits);
    RequestParser parser(small_limits);
    const Outcome pieces = feed_in_pieces(parser, message, [&] { return below(random, 40); });
    if (pieces != whole || feed_byte_by_byte(message, small_limits) != whole) {
      INFO("round " << round << ": " << message);
      REQUIRE(pieces.result == whole.result);
      REQUIRE(pieces == whole);
      REQUIRE(feed_byte_by_byte(message, small_limits) == whole);
    }
    completed += whole.result == "complete";
    rejected += whole.result.starts_with("rejected");
  }
  // Both ends must be met often, or the mutations test nothing.
  CHECK(completed > 500);
  CHECK(rejected > 500);
}

TEST_CASE("Random bytes end in a rejection or wait for more, and never consume more than there is") {
  Random random(42);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes(below(random, 600), '\0');
    for (char& byte : bytes) byte = static_cast<char>(below(random, 256));
    const Outcome whole = feed_whole(bytes, small_limits);
    INFO("round " << round);
    REQUIRE(whole.result != "complete");
    REQUIRE(feed_byte_by_byte(bytes, small_limits) == whole);
  }
}

}  // namespace troupe::http
