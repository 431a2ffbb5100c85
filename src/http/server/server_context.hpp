#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "actors/database/database_pool.hpp"
#include "http/server/allowed_hosts.hpp"
#include "http/server/http_stats.hpp"
#include "http/server/router.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// Where one request's time went inside the server; a span that was not gone through is negative.
struct RequestSpans {
  Duration parse{};      ///< first byte read to last byte parsed
  Duration mailbox{};    ///< in the mailboxes of the connection actor and of the database actor
  Duration pool{-1};     ///< gathered by the database actor, not yet sent
  Duration sql{-1};      ///< sent to PostgreSQL, not yet answered
  Duration serialize{};  ///< made into an answer
  TimePoint finished{};
};

/// Told of every answered request, on the thread of its connection actor.
using RequestObserver = std::function<void(const RequestSpans&)>;

/// What every part of the HTTP side shares. Lives as long as the server; immutable but for its atomics.
struct ServerContext {
  Router router;
  ServerSettings settings;
  AllowedHosts allowed_hosts;
  std::shared_ptr<actors::DatabasePool> pool;
  std::vector<std::unique_ptr<HttpStats>> stats;  ///< one per worker
  RequestObserver observer;                       ///< may be empty
  std::atomic<std::size_t> connections{0};        ///< open now
  std::atomic<bool> draining{false};              ///< shutting down: every answer closes its connection
};

}  // namespace troupe::http
