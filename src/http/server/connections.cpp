#include "http/server/connections.hpp"

#include <caf/send.hpp>
#include <utility>

#include "http/server/connection_actor.hpp"
#include "http/server/session.hpp"
#include "support/log_line.hpp"

namespace troupe::http {

Connections::Connections(actors::Runtime& runtime, std::shared_ptr<ServerContext> context)
    : runtime_(runtime), context_(std::move(context)) {
  auto& workers = runtime_.workers();
  shared_actors_.resize(workers.size());
  for (std::size_t index = 0; index < workers.size(); ++index) {
    context_->stats.push_back(std::make_unique<HttpStats>());
    hosts_.push_back(std::make_shared<SessionHost>(workers[index], context_));
    context_->hosts.push_back(hosts_.back());
  }
  for (std::size_t number = 0; number < context_->settings.connection_actors; ++number) {
    auto& home = workers[number % workers.size()];
    shared_actors_[home.index()].push_back(
        runtime_.system().spawn<ConnectionActor>(std::ref(home), runtime_.home_runs_actors(), context_));
  }
}

Connections::~Connections() {
  for (auto& actors : shared_actors_) {
    for (auto& actor : actors) caf::anon_send(actor, actors::Stop{});
  }
}

std::unique_ptr<actors::ByteStream> Connections::stream(actors::Descriptor socket, actors::Worker& worker) {
  auto plain = worker.io().stream(std::move(socket));
  return context_->tls ? context_->tls->stream(worker.io(), std::move(plain)) : std::move(plain);
}

void Connections::serve(std::unique_ptr<actors::ByteStream> stream, const boost::asio::ip::address& peer,
                        actors::Worker& worker) {
  context_->connections.fetch_add(1);
  auto& host = hosts_[worker.index()];
  auto seat = context_->limits->enter(peer);
  if (!seat) return turn_away(*stream, peer, *host);
  const bool own = context_->settings.connection_actors == 0;
  std::make_shared<Session>(std::move(stream), peer, host, actor_for(worker), own, std::move(*seat))->start();
}

// Without a word, as HAProxy's connection rules do it: an answer would have to wait for the request, or for a
// TLS handshake, and that costs as much as another client's.
void Connections::turn_away(actors::ByteStream& stream, const boost::asio::ip::address& peer,
                            SessionHost& host) {
  stream.close();
  if (const auto left_out = refusals_.admit("connections", host.now()))
    log_warn("a connection of {} was refused: it has {} already (limits.client_connections){}",
             peer.to_string(), context_->limits->client_connections(), *left_out);
  host.on_session_end();
}

caf::actor Connections::actor_for(actors::Worker& worker) {
  const auto shared = context_->settings.connection_actors;
  if (shared == 0)
    return runtime_.system().spawn<ConnectionActor>(std::ref(worker), runtime_.home_runs_actors(), context_);
  // Actors on the same worker first; with fewer actors than workers some worker has none of its own.
  const auto* candidates = &shared_actors_[worker.index()];
  if (candidates->empty()) candidates = &shared_actors_[worker.index() % shared];
  return (*candidates)[context_->connections % candidates->size()];
}

}  // namespace troupe::http
