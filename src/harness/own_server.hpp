#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "actors/database/database_pool.hpp"
#include "actors/runtime/runtime.hpp"
#include "harness/make_pool.hpp"
#include "http/server/server.hpp"
#include "sim/measure/waterfall.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/transport/http_transport.hpp"
#include "sim/transport/transport.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::harness {

/// How virtual users reach the server.
enum class TransportKind {
  direct,           ///< messages
  direct_requests,  ///< messages; tasks that need HTTP go through our routes as bytes, without a socket
  http,             ///< loopback sockets; SQL as messages
};

/// How a scenario's users do it, over http or else direct.
TransportKind transport_kind(bool http, const sim::Scenario& scenario);

/// Settings of workers for virtual users that come over sockets: as many as depend on the machine alone, so
/// that the generator is the same whatever is compared.
WorkerSettings users_workers(const WorkerSettings& settings);

/// A whole server inside this process, with a way for virtual users to reach it: workers, pool, transport,
/// where requests go as HTTP the server of these, and with http a listener. Made, used and destroyed by one
/// thread that is no worker; nothing of it is left afterwards, so that many can follow each other.
class OwnServer {
  struct Private {};  // keeps the constructor, which make_unique must reach, for start() alone

 public:
  /// Starts a server. Waits until every connection of the pool works, for database.connect_timeout at most,
  /// and goes on with those that do. `give_up` is asked again and again meanwhile: true ends the wait.
  /// Errors: unavailable when no connection works, io when the server cannot listen.
  static Result<std::unique_ptr<OwnServer>> start(const Settings& settings, TransportKind transport,
                                                  const PoolSource& source,
                                                  const std::function<bool()>& give_up);
  ~OwnServer();
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  /// Where the server runs.
  actors::Runtime& runtime() { return runtime_; }
  /// Where virtual users are to run: with http on workers of their own, whose number depends on the machine
  /// alone, so that the generator is the same whatever is compared; with direct on the server's, where they
  /// are connection actors.
  actors::Runtime& users_runtime() { return users_runtime_ ? *users_runtime_ : runtime_; }
  actors::DatabasePool& pool() { return *pool_; }
  sim::Transport& transport() { return *transport_; }
  sim::Waterfall& waterfall() { return waterfall_; }

  OwnServer(Private, const Settings& settings, const PoolSource& source);

 private:
  Result<void> open_transport(const Settings& settings, TransportKind transport,
                              const postgres::Served& served);
  Result<std::unique_ptr<sim::HttpTransport>> listen(const Settings& settings, http::Router router);
  std::unique_ptr<sim::HttpTransport> serve_inside(const Settings& settings, http::Router router);
  http::ServerObservers observers();

  actors::Runtime runtime_;
  std::optional<actors::Runtime> users_runtime_;  ///< with http
  std::shared_ptr<actors::DatabasePool> pool_;
  sim::Waterfall waterfall_;
  std::unique_ptr<http::Server> server_;  ///< but for plain messages
  std::unique_ptr<sim::Transport> transport_;
};

}  // namespace troupe::harness
