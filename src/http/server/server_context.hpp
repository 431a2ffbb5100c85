#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "actors/database/database_pool.hpp"
#include "actors/runtime/timers.hpp"
#include "http/access_log/access_log.hpp"
#include "http/access_log/request_id.hpp"
#include "http/browser/cors.hpp"
#include "http/limits/limits.hpp"
#include "http/server/active_routes.hpp"
#include "http/server/allowed_hosts.hpp"
#include "http/server/http_stats.hpp"
#include "http/server/memory_budget.hpp"
#include "http/server/request.hpp"
#include "http/tls/server_tls.hpp"
#include "support/log_limiter.hpp"
#include "support/settings.hpp"

namespace troupe::http {

class SessionHost;
struct ServerContext;

/// Where one request's time went inside the server; a span that was not gone through is negative.
struct RequestSpans {
  Duration parse{};      ///< first byte read to last byte parsed
  Duration mailbox{};    ///< in the mailboxes of the connection actor and of the database actor
  Duration pool{-1};     ///< gathered by the database actor, not yet sent
  Duration sql{-1};      ///< sent to PostgreSQL, not yet answered
  Duration serialize{};  ///< made into an answer
  TimePoint finished{};
};

/// Who is told what happens, each on the thread of a connection actor; any may be empty.
struct ServerObservers {
  std::function<void(const RequestSpans&)> on_answer{};
  /// A client named a label that an enumeration does not have: it may have it by now.
  std::function<void()> on_unknown_label{};
};

/// What a server has beside its routes and its settings; any may be left out.
struct ServerParts {
  LimitSettings limits{};
  std::shared_ptr<ServerTls> tls{};
  std::shared_ptr<AccessLog> access_log{};
  Cors cors{};
  /// The server that this one's metrics, health and look inside are about; null: itself.
  std::shared_ptr<const ServerContext> watched{};
};

/// What every part of the HTTP side shares. Lives as long as the server; immutable but for its atomics.
struct ServerContext {
  ActiveRoutes routes;
  ServerSettings settings;
  AllowedHosts allowed_hosts;
  std::shared_ptr<actors::DatabasePool> pool;
  std::shared_ptr<ServerTls> tls;                 ///< null: plain HTTP
  std::vector<std::unique_ptr<HttpStats>> stats;  ///< one per worker
  MemoryBudget memory;                            ///< server.memory_limit
  std::unique_ptr<Limits> limits = std::make_unique<Limits>();
  ServerObservers observers;
  LogLimiter faults;                      ///< of endpoints that threw
  std::shared_ptr<AccessLog> access_log;  ///< null: there is none
  Cors cors;
  NotedFields noted;  ///< what all of these want to know of a request
  std::unique_ptr<RequestIds> ids = std::make_unique<RequestIds>(0, 1);
  std::shared_ptr<const ServerContext> watched;   ///< see ServerParts
  std::vector<std::weak_ptr<SessionHost>> hosts;  ///< one per worker
  std::atomic<std::size_t> connections{0};        ///< open now
  std::atomic<std::uint64_t> evicted{0};          ///< idle connections that were closed to make room
  std::atomic<std::uint64_t> turned_away{0};      ///< requests for which the database could not be asked
  std::atomic<bool> leaving{false};               ///< asked to stop: not ready any more, and serves on
  std::atomic<bool> draining{false};              ///< shutting down: every answer closes its connection

  /// The server that /metrics and the like are about.
  const ServerContext& subject() const { return watched ? *watched : *this; }

  /// What time it is. The stages of a request are shorter than a turn: who wants to know them pays for it.
  TimePoint time(const actors::Timers& timers) const {
    return settings.server_timing || observers.on_answer ? timers.precisely() : timers.now();
  }
};

}  // namespace troupe::http
