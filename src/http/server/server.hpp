#pragma once

#include <memory>
#include <utility>

#include "actors/database/database_pool.hpp"
#include "actors/runtime/runtime.hpp"
#include "http/server/connections.hpp"
#include "http/server/listener.hpp"
#include "http/server/server_context.hpp"
#include "support/result.hpp"

namespace troupe::http {

/// The HTTP server: a listener and those who serve the connections that it accepts, or without a listener
/// those that are opened within this process. Made, stopped and destroyed by one thread that is no worker.
class Server {
  struct Private {};  // only `start` makes one

 public:
  /// Binds and starts to accept; over TLS, if `tls` is one. The pool must outlive the server.
  static Result<std::unique_ptr<Server>> start(actors::Runtime& runtime,
                                               std::shared_ptr<actors::DatabasePool> pool, Router router,
                                               const ServerSettings& settings, ServerObservers observers = {},
                                               ServerParts parts = {});
  /// The same without a socket: connections come by `connect` only, and nothing limits how many.
  static std::unique_ptr<Server> start_without_listener(actors::Runtime& runtime,
                                                        std::shared_ptr<actors::DatabasePool> pool,
                                                        Router router, const ServerSettings& settings,
                                                        ServerObservers observers = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Opens a connection to a server without a listener: the client's end of it. On the thread of `worker`,
  /// which is one of the server's; both ends stay there.
  std::unique_ptr<actors::ByteStream> connect(actors::Worker& worker);

  /// Where it listens: "http://127.0.0.1:8080", with TLS "https://…".
  std::string url() const;

  /// Requests that come from now on are routed by `router`. From any thread.
  void replace_routes(Router router) { context_->routes.replace(std::move(router)); }

  /// Is not ready any more from now on, for who asks /health/ready, and serves on. From any thread.
  void announce_stop() { context_->leaving = true; }

  /// For a server that watches this one.
  std::shared_ptr<const ServerContext> context() const { return context_; }

  /// Stops accepting, lets running requests finish for at most `server.shutdown_timeout`, then closes what is
  /// left. Blocks.
  void stop();

  Server(Private, actors::Runtime& runtime, std::shared_ptr<ServerContext> context);

 private:
  static std::unique_ptr<Server> make(actors::Runtime& runtime, std::shared_ptr<actors::DatabasePool> pool,
                                      Router router, const ServerSettings& settings,
                                      ServerObservers observers, ServerParts parts);
  void start_hosts();
  bool wait_for_no_connection(std::chrono::milliseconds timeout) const;

  std::shared_ptr<ServerContext> context_;
  Connections connections_;
  std::shared_ptr<Listener> listener_;  ///< null: it has none
  bool stopped_ = false;
};

}  // namespace troupe::http
