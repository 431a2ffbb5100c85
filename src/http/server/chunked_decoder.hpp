#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/request.hpp"

namespace troupe::http {

/// Removes the chunked transfer coding (RFC 9112 section 7.1). Not Beast's: that one has no bound on chunk
/// extensions and trailers, accepts folded trailers, waits for ever on an unclosed quoted extension, and
/// asserts when "0\r\n\r" comes alone.
class ChunkedDecoder {
 public:
  enum class Status { need_more, complete, rejected };

  /// `body_limit` bytes of data; `overhead_limit` bytes of chunk extensions and trailers together.
  ChunkedDecoder(std::size_t body_limit, std::size_t overhead_limit)
      : body_left_(body_limit), overhead_left_(overhead_limit) {}

  /// Decodes what it can of `bytes` onto `body`, and removes it from `bytes`; the rest must be presented
  /// again.
  Status decode(std::string_view& bytes, std::string& body);

  /// Why `decode` answered `rejected`.
  const Rejection& rejection() const { return rejection_; }

 private:
  enum class State { size_line, data, data_end, trailers };

  std::optional<std::string_view> take_line(std::string_view& bytes);
  void parse_size_line(std::string_view line);
  void take_data(std::string_view& bytes, std::string& body);
  bool take_data_end(std::string_view& bytes);
  void reject(int status, const char* detail);

  std::size_t body_left_;
  std::size_t overhead_left_;
  std::uint64_t chunk_left_ = 0;
  State state_ = State::size_line;
  Rejection rejection_{0, {}};
};

}  // namespace troupe::http
