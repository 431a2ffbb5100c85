#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "http/server/request.hpp"

namespace troupe::http {

/// Parses one request after the other from a byte stream: Boost.Beast's basic_parser plus the checks of RFC
/// 9110 and 9112 that Beast leaves to its user. Knows no socket. Used by one thread at a time. After
/// `rejected` the stream is unusable. The outcome depends on the bytes alone, never on how they were split
/// over calls.
class RequestParser {
 public:
  enum class Status { need_more, complete, rejected };
  struct Progress {
    Status status;
    std::size_t consumed;  ///< bytes of the input that are done with; the caller presents the rest again,
                           ///< with more behind it
  };

  explicit RequestParser(const ParserLimits& limits);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  /// Parses what `bytes` (all unconsumed bytes, contiguous) adds. After `complete`, `request()` is whole and
  /// `reset()` must come next. Lines are consumed only as a whole, and so is the header section: the caller
  /// must be able to hold `limits.header` + 32 bytes; given that many, the answer is never `need_more` with
  /// nothing consumed.
  Progress feed(std::string_view bytes);

  /// A byte of a message was seen since the last reset (empty lines before a request line do not count).
  bool started() const;
  /// The header is whole: what is still missing is body.
  bool header_done() const;
  /// The client waits for `100 Continue` (HTTP/1.1, Expect: 100-continue, a body announced and none of it
  /// seen yet).
  bool wants_continue() const;

  /// Bytes of memory that the message takes so far.
  std::size_t held() const;

  Request& request();
  const Rejection& rejection() const;
  /// Forgets the message; keeps the buffers.
  void reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace troupe::http
