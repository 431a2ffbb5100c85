#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "helpers/eventually.hpp"

namespace troupe::tests {

/// One HTTP response as it came over the wire.
struct Answer {
  int status = 0;
  std::string version;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  bool has(std::string_view name) const;
  /// Empty when there is none; throws when the field is repeated, which no field of ours may be.
  std::string field(std::string_view name) const;
};

/// The bytes of a request with Host and, for a body, Content-Length. `fields` are whole lines with their
/// CRLF.
std::string request_text(std::string_view method, std::string_view target, std::string_view fields = {},
                         std::string_view body = {});

/// A blocking client on one raw socket: it sends whatever bytes it is given and shares no code with the
/// server. Used by one thread at a time. Throws std::runtime_error when an answer does not come, is cut off
/// or is not HTTP.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port, std::chrono::milliseconds timeout = patience);
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;

  void send(std::string_view bytes);
  /// The next response, also a 1xx one. `to_head`: it answers a HEAD request, so it has no body.
  Answer read(bool to_head = false);
  /// Takes some of what has come, 64 KiB at most, for `read` to find; false at the peer's end.
  bool fill();
  /// request_text(), sent and answered.
  Answer ask(std::string_view method, std::string_view target, std::string_view fields = {},
             std::string_view body = {});
  /// Waits for the peer to close; false when it sends something or does nothing for `timeout`.
  bool closed_by_peer(std::chrono::milliseconds timeout = patience);
  /// Whether anything, an end included, can be read within `timeout`.
  bool readable(std::chrono::milliseconds timeout);
  /// No more will be sent; answers can still be read.
  void finish_sending();
  /// Closes with a reset, as a peer does that vanishes.
  void reset();

 private:
  Answer read_head();

  int socket_ = -1;
  std::chrono::milliseconds timeout_;
  std::string buffer_;
};

}  // namespace troupe::tests
