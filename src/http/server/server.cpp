#include "http/server/server.hpp"

#include <random>
#include <thread>

#include "actors/io/memory_streams.hpp"
#include "http/server/authority.hpp"
#include "http/server/eviction.hpp"
#include "support/invariant.hpp"
#include "support/log_line.hpp"

namespace troupe::http {

namespace asio = boost::asio;

namespace {

std::uint64_t random_bits() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

Server::Server(Private, actors::Runtime& runtime, std::shared_ptr<ServerContext> context)
    : context_(std::move(context)), connections_(runtime, context_) {}

std::unique_ptr<Server> Server::make(actors::Runtime& runtime, std::shared_ptr<actors::DatabasePool> pool,
                                     Router router, const ServerSettings& settings, ServerObservers observers,
                                     ServerParts parts) {
  auto context = std::make_shared<ServerContext>();
  context->routes.replace(std::move(router));
  context->settings = settings;
  context->limits = std::make_unique<Limits>(parts.limits);
  context->allowed_hosts = AllowedHosts(settings.allowed_hosts, settings.host);
  context->pool = std::move(pool);
  context->observers = std::move(observers);
  context->tls = std::move(parts.tls);
  context->access_log = std::move(parts.access_log);
  context->cors = std::move(parts.cors);
  context->watched = std::move(parts.watched);
  const bool logs = context->access_log != nullptr;
  context->noted = {.log = logs, .cors = context->cors.is_on(), .trace = logs || settings.server_timing};
  context->ids = std::make_unique<RequestIds>(random_bits(), runtime.workers().size());
  return std::make_unique<Server>(Private{}, runtime, std::move(context));
}

Result<std::unique_ptr<Server>> Server::start(actors::Runtime& runtime,
                                              std::shared_ptr<actors::DatabasePool> pool, Router router,
                                              const ServerSettings& settings, ServerObservers observers,
                                              ServerParts parts) {
  auto server =
      make(runtime, std::move(pool), std::move(router), settings, std::move(observers), std::move(parts));
  auto listener =
      Listener::open(runtime.workers(), settings.host, settings.port, settings.max_connections,
                     [&connections = server->connections_](auto socket, auto peer, auto& worker) {
                       connections.serve(connections.stream(std::move(socket), worker), peer, worker);
                     });
  if (!listener) {
    server->stopped_ = true;
    return listener.error();
  }
  server->listener_ = *listener;
  server->listener_->make_room_by(evict_from(server->connections_.hosts(), runtime.workers()[0]));
  server->start_hosts();
  server->listener_->start();
  return server;
}

std::unique_ptr<Server> Server::start_without_listener(actors::Runtime& runtime,
                                                       std::shared_ptr<actors::DatabasePool> pool,
                                                       Router router, const ServerSettings& settings,
                                                       ServerObservers observers) {
  auto server = make(runtime, std::move(pool), std::move(router), settings, std::move(observers), {});
  server->start_hosts();
  return server;
}

void Server::start_hosts() {
  for (auto& host : connections_.hosts()) {
    host->on_session_end = [context = context_.get(), listener = listener_] {
      context->connections.fetch_sub(1);
      if (listener) listener->release_permit();
    };
    host->start();
  }
}

std::unique_ptr<actors::ByteStream> Server::connect(actors::Worker& worker) {
  TROUPE_INVARIANT(!listener_, "a connection without a socket has no permit of the listener's");
  auto ends = actors::memory_streams(worker.io());
  connections_.serve(std::move(ends.far), asio::ip::address_v4::loopback(), worker);
  return std::move(ends.near);
}

Server::~Server() {
  stop();
  // A host goes on its own worker, behind the last handler that knows it, and before the listener's worker
  // can end.
  for (auto& host : connections_.hosts()) {
    host->worker().run([&host] { host.reset(); });
  }
}

std::string Server::url() const {
  const auto endpoint = listener_->endpoint();
  return (context_->tls ? "https://" : "http://") + as_uri_host(endpoint.address().to_string()) + ":" +
         std::to_string(endpoint.port());
}

bool Server::wait_for_no_connection(std::chrono::milliseconds timeout) const {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (context_->connections > 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return context_->connections == 0;
}

void Server::stop() {
  if (stopped_) return;
  stopped_ = true;
  context_->draining = true;
  if (listener_) listener_->stop();
  for (auto& host : connections_.hosts()) host->drain();
  if (!wait_for_no_connection(context_->settings.shutdown_timeout)) {
    log_warn("{} connections were still busy after the shutdown timeout", context_->connections.load());
  }
  for (auto& host : connections_.hosts()) host->abort();
  wait_for_no_connection(std::chrono::seconds(2));
}

}  // namespace troupe::http
