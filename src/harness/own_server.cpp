#include "harness/own_server.hpp"

#include <algorithm>

#include "actors/database/database_pool_start.hpp"
#include "http/api/routes.hpp"
#include "sim/transport/http_target.hpp"
#include "sim/transport/split_transport.hpp"

namespace troupe::harness {

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
  auto server = http::Server::start(
      runtime_, pool_, http::api_router(served.resources, settings.database.max_batch, served.queries),
      settings.server, {.on_answer = [this](const http::RequestSpans& spans) {
        waterfall_.record(
            sim::Waterfall::inside(spans.parse, spans.mailbox, spans.pool, spans.sql, spans.serialize),
            spans.finished);
      }});
  if (!server) return Error{ErrorCode::io, server.error().message};
  server_ = std::move(*server);
  auto target = sim::find_target(server_->url(), settings.server.header_timeout);
  if (!target) return target.error();
  users_runtime_.emplace(users_workers(settings.workers));
  auto http = std::make_unique<sim::HttpTransport>(*users_runtime_, std::move(*target));
  transport_ = std::make_unique<sim::SplitTransport>(std::move(http), std::move(direct));
  return {};
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
