// Bytes of a client through the request parser, and chunked bodies through their decoder: however they are
// split over reads, they come to the same, and nothing is read twice.
#include <array>

#include "fuzz/fuzz_target.hpp"
#include "helpers/feed_request.hpp"
#include "http/server/chunked_decoder.hpp"

namespace troupe::fuzz {
namespace {

constexpr std::array<http::ParserLimits, 3> limits{
    {{.header = 300, .target = 60, .body = 40},
     {.header = 2000,
      .target = 1000,
      .body = 500,
      .noted = {.log = true, .who = true, .cors = true, .trace = true, .forwarded = true}},
     {}}};

std::string try_request(std::string_view input) {
  const auto limit = limits[take_choice(input, limits.size())];
  const auto whole = http::feed_whole(input, limit);
  Cuts cuts(input);
  http::RequestParser parser(limit);
  if (http::feed_in_pieces(parser, input, [&] { return cuts.next(); }) != whole)
    return "in pieces it is another request";
  if (http::feed_byte_by_byte(input, limit) != whole) return "byte by byte it is another request";
  if (whole.consumed > input.size()) return "more was consumed than there is";
  return {};
}

struct Decoded {
  http::ChunkedDecoder::Status status{};
  std::string body{};
  std::size_t used = 0;
};

constexpr std::size_t body_limit = 100, overhead_limit = 60;

template <class NextSize>
Decoded decode(std::string_view input, NextSize next_size) {
  http::ChunkedDecoder decoder(body_limit, overhead_limit);
  Decoded out;
  std::string_view held;
  for (std::size_t received = 0;;) {
    received = std::min(input.size(), received + next_size());
    held = input.substr(out.used, received - out.used);
    const auto before = held.size();
    out.status = decoder.decode(held, out.body);
    out.used += before - held.size();
    if (out.status != http::ChunkedDecoder::Status::need_more || received == input.size()) break;
  }
  return out;
}

std::string try_chunked(std::string_view input) {
  using Status = http::ChunkedDecoder::Status;
  const auto whole = decode(input, [&] { return input.size() + 1; });
  Cuts cuts(input);
  for (const auto& other :
       {decode(input, [] { return std::size_t{1}; }), decode(input, [&] { return cuts.next(); })}) {
    if (other.status != whole.status) return "in pieces it ends otherwise";
    if (whole.status == Status::complete && (other.body != whole.body || other.used != whole.used))
      return "in pieces it is another body";
  }
  if (whole.body.size() > body_limit) return "a body beyond its limit";
  return {};
}

const std::vector<std::string_view> http_pieces{"\r\n",
                                                "\r",
                                                "\n",
                                                "\r\n\r\n",
                                                " ",
                                                "\t",
                                                ":",
                                                ",",
                                                ";",
                                                "\"",
                                                "%00",
                                                "%2",
                                                "0\r\n\r\n",
                                                "ffffffffffffffff",
                                                "HTTP/1.1",
                                                "Host: b\r\n",
                                                "Content-Length: 3\r\n",
                                                "Transfer-Encoding: chunked\r\n",
                                                "Connection: close\r\n",
                                                "GET / HTTP/1.1\r\n"};

const Register request_target({"request", try_request, http_pieces});
const Register chunked_target({"chunked", try_chunked, http_pieces});

}  // namespace
}  // namespace troupe::fuzz
