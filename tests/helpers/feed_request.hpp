#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "http/server/request_parser.hpp"

namespace troupe::http {

/// What one message came to: comparable, and printable when a test fails.
struct Outcome {
  std::string result;        ///< "complete", "need_more" or "rejected 400"
  std::string request;       ///< all fields of the request, when complete
  std::size_t consumed = 0;  ///< when complete

  bool operator==(const Outcome&) const = default;
};

inline std::string describe(const Request& request) {
  std::string text = std::to_string(static_cast<int>(request.method));
  for (const auto* part : {&request.path, &request.query, &request.content_type, &request.content_encoding,
                           &request.accept, &request.authorization, &request.api_key, &request.cookie,
                           &request.origin, &request.host, &request.body}) {
    text += "|" + *part;
  }
  return text + (request.http_1_0 ? "|1.0" : "|1.1") + (request.keep_alive ? "|keep-alive" : "|close");
}

/// Feeds `bytes` as a connection does: `next_size()` more bytes each time, whatever was not consumed
/// presented again.
template <class NextSize>
Outcome feed_in_pieces(RequestParser& parser, std::string_view bytes, NextSize next_size) {
  std::size_t consumed = 0;
  std::size_t received = 0;
  for (;;) {
    received = std::min(bytes.size(), received + std::max<std::size_t>(1, next_size()));
    const auto progress = parser.feed(bytes.substr(consumed, received - consumed));
    consumed += progress.consumed;
    if (progress.status == RequestParser::Status::complete) {
      return {"complete", describe(parser.request()), consumed};
    }
    if (progress.status == RequestParser::Status::rejected) {
      return {"rejected " + std::to_string(parser.rejection().status), {}, 0};
    }
    if (received == bytes.size() && progress.consumed == 0) return {"need_more", {}, 0};
  }
}

inline Outcome feed_whole(std::string_view bytes, const ParserLimits& limits = {}) {
  RequestParser parser(limits);
  return feed_in_pieces(parser, bytes, [&] { return bytes.size(); });
}

inline Outcome feed_byte_by_byte(std::string_view bytes, const ParserLimits& limits = {}) {
  RequestParser parser(limits);
  return feed_in_pieces(parser, bytes, [] { return std::size_t{1}; });
}

}  // namespace troupe::http
