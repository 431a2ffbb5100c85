#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::http {

/// A client's X-Request-Id that may be taken up: 1 to 128 letters, digits and marks of tokens and base64.
bool is_request_id(std::string_view text);

/// Makes names for requests: a part that is random for each server, the worker, and a number that the worker
/// counts up. They tell requests apart, and are no secrets. From any thread.
class RequestIds {
 public:
  /// `seed`: random bits.
  RequestIds(std::uint64_t seed, std::size_t workers) : seed_(seed), counts_(workers) {}

  /// "9d3c5a0f12e4b678-1-2a".
  std::string next(std::size_t worker);
  /// Sixteen hexadecimal digits, not all zero: the id of a span (W3C Trace Context).
  std::string next_span(std::size_t worker);

 private:
  struct alignas(64) Count {
    std::atomic<std::uint64_t> value{0};
  };

  std::uint64_t seed_;
  std::vector<Count> counts_;
};

}  // namespace troupe::http
