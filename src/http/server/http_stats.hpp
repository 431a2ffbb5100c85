#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/time.hpp"

namespace troupe::http {

/// Counters of answered requests on one worker. Relaxed atomics: no lock on the request path, and /metrics
/// may read at any time.
class HttpStats {
 public:
  static constexpr std::size_t max_routes = 1024;
  static constexpr std::size_t place_of_others = max_routes - 2;  ///< routes that found no place of their own
  static constexpr std::size_t place_of_none = max_routes - 1;    ///< requests that reached no route
  /// The statuses we answer; anything else is counted under 500.
  static constexpr std::array<int, 27> statuses = {200, 201, 204, 303, 304, 400, 401, 403, 404,
                                                   405, 406, 408, 409, 412, 413, 414, 415, 417,
                                                   421, 422, 428, 429, 431, 500, 501, 503, 505};
  /// Upper bounds of the latency histogram's buckets.
  static constexpr std::array<std::chrono::microseconds, 14> bounds = {
      std::chrono::microseconds(100),       std::chrono::microseconds(250),
      std::chrono::microseconds(500),       std::chrono::microseconds(1'000),
      std::chrono::microseconds(2'500),     std::chrono::microseconds(5'000),
      std::chrono::microseconds(10'000),    std::chrono::microseconds(25'000),
      std::chrono::microseconds(50'000),    std::chrono::microseconds(100'000),
      std::chrono::microseconds(250'000),   std::chrono::microseconds(1'000'000),
      std::chrono::microseconds(2'500'000), std::chrono::microseconds(5'000'000)};

  struct Route {
    std::array<std::atomic<std::uint64_t>, statuses.size()> by_status{};
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> by_latency{};
    std::atomic<std::uint64_t> latency_us{0};
  };

  /// Counts one answer. `took` is the time from its first byte to its response.
  void count(std::size_t route, int status, Duration took);
  const Route& route(std::size_t index) const { return routes_[index]; }

 private:
  std::vector<Route> routes_ = std::vector<Route>(max_routes);
};

}  // namespace troupe::http
