#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "actors/database_pool.hpp"
#include "http/http_stats.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// What every part of the HTTP side shares. Lives as long as the server; immutable but for its atomics.
struct Services {
  ServerSettings settings;
  std::shared_ptr<actors::DatabasePool> pool;
  std::vector<std::unique_ptr<HttpStats>> stats;  ///< one per worker
  std::atomic<std::size_t> connections{0};        ///< open now
  std::atomic<bool> draining{false};              ///< shutting down: every answer closes its connection
};

}  // namespace troupe::http
