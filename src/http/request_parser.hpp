#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace troupe::http {

/// The methods a server must tell apart. `other` is a well-formed token we do not implement (501);
/// `known` is one RFC 9110 or a registry defines but no route of ours allows (405), e.g. TRACE, CONNECT.
enum class Method { get, head, post, put, patch, delete_, options, known, other };

/// How much of a message is accepted. All in bytes, all settings ([server] header_limit, target_limit, body_limit).
struct ParserLimits {
  std::size_t header = 16 * 1024;
  std::size_t target = 8 * 1024;
  std::size_t body = 1024 * 1024;
};

/// One request as the routes see it. Strings keep their capacity when the parser is reset.
struct Request {
  Method method = Method::get;
  std::string path;   ///< as received (percent-encoded), without query; "*" for asterisk-form
  std::string query;  ///< as received, without the question mark
  std::string content_type;
  std::string content_encoding;
  std::string accept;
  std::string host;  ///< the authority the client named (absolute-form target first, then Host); may be empty
  std::string body;  ///< de-chunked
  bool http_1_0 = false;
  bool keep_alive = true;  ///< what the client's version and Connection field ask for (RFC 9112 section 9.3)
};

/// Why a message is refused: the connection is answered with `status` and then closed.
struct Rejection {
  int status = 400;
  std::string detail;  ///< one sentence for the client
};

/// Parses one request after the other from a byte stream: Boost.Beast's basic_parser plus the checks of RFC 9110 and 9112 that
/// Beast leaves to its user. Knows no socket. Used by one thread at a time. After `rejected` the stream is unusable.
class RequestParser {
 public:
  enum class Status { need_more, complete, rejected };
  struct Progress {
    Status status;
    std::size_t consumed;  ///< bytes of the input that are done with; the caller presents the rest again, with more behind it
  };

  explicit RequestParser(const ParserLimits& limits);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  /// Parses what `bytes` (all unconsumed bytes, contiguous) adds. After `complete`, `request()` is whole and `reset()` must come next.
  Progress feed(std::string_view bytes);

  /// A byte of a message was seen since the last reset (empty lines before a request line do not count).
  bool started() const;
  /// The header is whole: what is still missing is body.
  bool header_done() const;
  /// The client waits for `100 Continue` (HTTP/1.1, Expect: 100-continue, a body announced and none of it seen yet).
  bool wants_continue() const;

  Request& request();
  const Rejection& rejection() const;
  /// Forgets the message; keeps the buffers.
  void reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace troupe::http
