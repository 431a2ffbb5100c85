#include "http/server/http_stats.hpp"

#include <algorithm>

namespace troupe::http {

namespace {

std::size_t status_index(int status) {
  const auto& all = HttpStats::statuses;
  auto found = std::find(all.begin(), all.end(), status);
  if (found == all.end()) found = std::find(all.begin(), all.end(), 500);
  return static_cast<std::size_t>(found - all.begin());
}

}  // namespace

void HttpStats::count(std::size_t route, int status, Duration took) {
  auto& counters = routes_[std::min(route, max_routes - 1)];
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took);
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), micros) - bounds.begin();
  counters.by_status[status_index(status)].fetch_add(1, std::memory_order_relaxed);
  counters.by_latency[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  counters.latency_us.fetch_add(static_cast<std::uint64_t>(micros.count()), std::memory_order_relaxed);
}

}  // namespace troupe::http
