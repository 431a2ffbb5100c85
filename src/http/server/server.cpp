#include "http/server/server.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <caf/send.hpp>
#include <thread>

#include "http/server/connection_actor.hpp"
#include "http/server/session.hpp"
#include "http/server/tcp_stream.hpp"

namespace troupe::http {

Server::Server(Private, actors::Runtime& runtime, std::shared_ptr<ServerContext> context)
    : runtime_(runtime), context_(std::move(context)) {
  auto& workers = runtime_.workers();
  shared_actors_.resize(workers.size());
  for (std::size_t index = 0; index < workers.size(); ++index) {
    context_->stats.push_back(std::make_unique<HttpStats>());
    hosts_.push_back(std::make_shared<SessionHost>(workers[index], context_));
  }
  for (std::size_t number = 0; number < context_->settings.connection_actors; ++number) {
    auto& home = workers[number % workers.size()];
    shared_actors_[home.index()].push_back(
        runtime_.system().spawn<ConnectionActor>(std::ref(home), runtime_.home_runs_actors(), context_));
  }
}

Result<std::unique_ptr<Server>> Server::start(actors::Runtime& runtime,
                                              std::shared_ptr<actors::DatabasePool> pool, Router router,
                                              const ServerSettings& settings, ServerObservers observers) {
  auto context = std::make_shared<ServerContext>();
  context->routes.replace(std::move(router));
  context->settings = settings;
  context->allowed_hosts = AllowedHosts(settings.allowed_hosts, settings.host);
  context->pool = std::move(pool);
  context->observers = std::move(observers);
  auto server = std::make_unique<Server>(Private{}, runtime, context);
  auto listener = Listener::open(
      runtime.workers(), settings.host, settings.port, settings.max_connections,
      [&server = *server](auto socket, auto& worker) { server.on_accept(std::move(socket), worker); });
  if (!listener) {
    server->stopped_ = true;
    return listener.error();
  }
  server->listener_ = *listener;
  for (auto& host : server->hosts_) {
    host->on_session_end = [context = context.get(), listener = *listener] {
      context->connections.fetch_sub(1);
      listener->release_permit();
    };
    host->start();
  }
  server->listener_->start();
  return server;
}

Server::~Server() {
  stop();
  // A host goes on its own worker, behind the last handler that knows it, and before the listener's worker
  // can end.
  for (auto& host : hosts_) {
    host->worker().run([&host] { host.reset(); });
  }
}

std::string Server::url() const {
  const auto endpoint = listener_->endpoint();
  const auto address = endpoint.address().to_string();
  return "http://" + (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
         std::to_string(endpoint.port());
}

void Server::on_accept(boost::asio::ip::tcp::socket socket, actors::Worker& worker) {
  context_->connections.fetch_add(1);
  const bool own = context_->settings.connection_actors == 0;
  caf::actor actor;
  if (own) {
    actor = runtime_.system().spawn<ConnectionActor>(std::ref(worker), runtime_.home_runs_actors(), context_);
  } else {
    // Actors on the same worker first; with fewer actors than workers some worker has none of its own.
    const auto* candidates = &shared_actors_[worker.index()];
    if (candidates->empty())
      candidates = &shared_actors_[worker.index() % context_->settings.connection_actors];
    actor = (*candidates)[context_->connections % candidates->size()];
  }
  auto stream = std::make_unique<TcpStream>(std::move(socket));
  std::make_shared<Session>(std::move(stream), hosts_[worker.index()], std::move(actor), own)->start();
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
  listener_->stop();
  for (auto& host : hosts_) host->drain();
  if (!wait_for_no_connection(context_->settings.shutdown_timeout)) {
    spdlog::warn("{} connections were still busy after the shutdown timeout", context_->connections.load());
  }
  for (auto& host : hosts_) host->abort();
  wait_for_no_connection(std::chrono::seconds(2));
  for (auto& actors : shared_actors_) {
    for (auto& actor : actors) caf::anon_send(actor, actors::Stop{});
  }
}

}  // namespace troupe::http
