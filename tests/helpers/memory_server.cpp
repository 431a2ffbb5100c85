#include "helpers/memory_server.hpp"

#include <algorithm>
#include <caf/all.hpp>
#include <utility>

#include "actors/runtime/messages.hpp"
#include "http/server/connection_actor.hpp"
#include "http/server/session.hpp"
#include "support/invariant.hpp"

namespace troupe::tests {

MemoryServer::MemoryServer(http::Router router, ServerSettings settings, std::size_t queue_limit,
                           const LimitSettings& limits) {
  stats_->ready = true;
  const auto database = caf::actor_cast<caf::actor>(database_);
  context_->routes.replace(std::move(router));
  context_->settings = std::move(settings);
  context_->limits = std::make_unique<http::Limits>(limits);
  context_->pool =
      std::make_shared<actors::DatabasePool>(std::vector<actors::DatabasePool::Member>{{database, 0, stats_}},
                                             actors::PoolRules{queue_limit, 1, false, nullptr});
  context_->stats.push_back(std::make_unique<http::HttpStats>());
  host_ = std::make_shared<http::SessionHost>(time_.worker(), context_);
  host_->on_session_end = [context = context_.get()] {
    TROUPE_INVARIANT(context->connections > 0, "a session ended twice");
    --context->connections;
  };
}

MemoryServer::~MemoryServer() {
  for (auto& client : clients_) client.end();
  for (auto& weak : sessions_) {
    if (const auto session = weak.lock()) session->close();
  }
  settle();
  for (std::size_t place = 0; place < asked.size(); ++place) reply(place, actors::Failure{});
  settle();
  TROUPE_INVARIANT(open_sessions() == 0, "a session outlives its client");
  TROUPE_INVARIANT(held_memory() == 0, "a session that ended holds memory");
}

ScriptedClient& MemoryServer::connect() {
  auto& client = clients_.emplace_back(time_.worker());
  start_session(client, spawn_connection_actor(), true);
  return client;
}

ScriptedClient& MemoryServer::connect(const caf::actor& shared_actor) {
  auto& client = clients_.emplace_back(time_.worker());
  start_session(client, shared_actor, false);
  return client;
}

void MemoryServer::start_session(ScriptedClient& client, const caf::actor& actor, bool own) {
  ++context_->connections;
  const auto session = std::make_shared<http::Session>(client.stream(), peer, host_, actor, own,
                                                       context_->limits->enter(peer).value());
  sessions_.push_back(session);
  session->start();
}

caf::actor MemoryServer::spawn_connection_actor() {
  return time_.runtime().system().spawn<http::ConnectionActor>(std::ref(time_.worker()), true, context_);
}

void MemoryServer::settle() {
  time_.settle();
  bool more = true;
  const auto take = [&](actors::Command& command) {
    asked.push_back({std::move(command), caf::actor_cast<caf::actor>(database_->current_sender())});
  };
  while (more) {
    database_->receive([&](actors::Command& command) { take(command); },
                       caf::after(std::chrono::milliseconds(0)) >> [&] { more = false; });
  }
}

void MemoryServer::pass(std::chrono::milliseconds time) {
  time_.timers().pass(time);
  for (auto& weak : sessions_) {
    if (const auto session = weak.lock()) session->check_deadline(time_.timers().now());
  }
  settle();
}

void MemoryServer::live_through(std::chrono::milliseconds time) {
  for (auto left = time; left > std::chrono::milliseconds(0); left -= http::SessionWheel::step) {
    time_.timers().pass(std::min(left, http::SessionWheel::step));
    host_->look_around();
    settle();
  }
}

void MemoryServer::reply(std::size_t place, const actors::Outcome& outcome) {
  auto& question = asked.at(place);
  if (!question.from) return;  // it has its answer
  --stats_->outstanding;
  database_->send(std::exchange(question.from, {}), actors::Reply{question.ticket(), outcome, {}});
  settle();
}

void MemoryServer::stop(const caf::actor& actor) {
  caf::anon_send(actor, actors::Stop{});
  settle();
}

std::size_t MemoryServer::running_actors() {
  return time_.runtime().system().registry().running();
}

void MemoryServer::stop_database() {
  stats_->stopping = true;
}

}  // namespace troupe::tests
