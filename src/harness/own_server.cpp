#include "harness/own_server.hpp"

#include <algorithm>

#include "actors/database/database_pool_start.hpp"
#include "http/api/routes.hpp"
#include "http/server/authority.hpp"
#include "sim/transport/http_target.hpp"
#include "sim/transport/split_transport.hpp"

namespace troupe::harness {

TransportKind transport_kind(bool http, const sim::Scenario& scenario) {
  if (http) return TransportKind::http;
  return scenario.needs_http() ? TransportKind::direct_requests : TransportKind::direct;
}

WorkerSettings users_workers(const WorkerSettings& settings) {
  WorkerSettings users;
  // Half of the machine's CPUs: a user costs less than half of a request.
  users.count = std::max<std::size_t>(1, actors::worker_count(WorkerSettings{}) / 2);
  users.io = settings.io;
  users.wakeups = Wakeups::eager;  // they measure
  return users;
}

OwnServer::OwnServer(Private, const Settings& settings, const PoolSource& source)
    : runtime_(settings.workers),
      pool_(source.make(runtime_, settings)),
      waterfall_(runtime_.workers().size()) {}

Result<std::unique_ptr<OwnServer>> OwnServer::start(const Settings& settings, TransportKind transport,
                                                    const PoolSource& source,
                                                    const std::function<bool()>& give_up) {
  if (const auto io = actors::usable_io(settings.workers.io); !io) return io.error();
  auto own = std::make_unique<OwnServer>(Private{}, settings, source);
  const auto connections = own->pool_->members().size();
  actors::wait_until_ready(*own->pool_, connections, settings.database.connect_timeout, give_up);
  if (!own->pool_->any_ready()) {
    return Error{ErrorCode::unavailable, "PostgreSQL did not answer within database.connect_timeout"};
  }
  if (const auto opened = own->open_transport(settings, transport, source.served); !opened)
    return opened.error();
  return own;
}

Result<void> OwnServer::open_transport(const Settings& settings, TransportKind transport,
                                       const postgres::Served& served) {
  auto direct = std::make_unique<sim::DirectTransport>(runtime_, pool_, settings.server.connection_actors,
                                                       settings.server.request_timeout);
  if (transport == TransportKind::direct) {
    transport_ = std::move(direct);
    return {};
  }
  auto router = http::api_router(served.resources, settings.database.max_batch, served.queries,
                                 {.max_offset = settings.limits.max_offset});
  if (transport == TransportKind::direct_requests) {
    transport_ =
        std::make_unique<sim::SplitTransport>(serve_inside(settings, std::move(router)), std::move(direct),
                                              [](const sim::Task& task) { return task.needs_http(); });
    return {};
  }
  auto http = listen(settings, std::move(router));
  if (!http) return http.error();
  transport_ = std::make_unique<sim::SplitTransport>(
      *std::move(http), std::move(direct),
      [](const sim::Task& task) { return task.operation != sim::Operation::sql; });
  return {};
}

/// Over sockets, with workers of the users' own.
Result<std::unique_ptr<sim::HttpTransport>> OwnServer::listen(const Settings& settings, http::Router router) {
  auto server = http::Server::start(runtime_, pool_, std::move(router), settings.server, observers(),
                                    {.limits = settings.limits});
  if (!server) return Error{ErrorCode::io, server.error().message};
  server_ = std::move(*server);
  auto target = sim::find_target(server_->url(), settings.server.header_timeout);
  if (!target) return target.error();
  users_runtime_.emplace(users_workers(settings.workers));
  return std::make_unique<sim::HttpTransport>(*users_runtime_, std::move(*target));
}

/// On the server's own workers, each user's connection on that of the user.
std::unique_ptr<sim::HttpTransport> OwnServer::serve_inside(const Settings& settings, http::Router router) {
  server_ =
      http::Server::start_without_listener(runtime_, pool_, std::move(router), settings.server, observers());
  sim::HttpTarget target;
  target.authority = http::as_uri_host(settings.server.host);  // without a port: there is none
  target.url = "http://" + target.authority;
  target.origin.host = settings.server.host;
  target.origin.open = [server = server_.get()] { return server->connect(*actors::Worker::current()); };
  return std::make_unique<sim::HttpTransport>(runtime_, std::move(target));
}

http::ServerObservers OwnServer::observers() {
  return {.on_answer = [this](const http::RequestSpans& spans) {
    waterfall_.record(
        sim::Waterfall::inside(spans.parse, spans.mailbox, spans.pool, spans.sql, spans.serialize),
        spans.finished);
  }};
}

OwnServer::~OwnServer() {
  // From the users' side inwards: each part answers what it still owes before the next one goes.
  if (transport_) transport_->stop();
  transport_.reset();
  if (server_) server_->stop();
  server_.reset();
  actors::stop_pool(*pool_);
}

}  // namespace troupe::harness
