#pragma once

#include <string>
#include <vector>

#include "actors/pinned_actor.hpp"
#include "http/exchange.hpp"
#include "http/response.hpp"
#include "http/services.hpp"

namespace troupe::http {

/// Takes whole requests from its session (or from several: server.connection_actors), routes each to its
/// endpoint, asks the pool what the endpoint wants to know, and answers. Pinned to a worker; never blocks.
class ConnectionActor final : public actors::PinnedActor {
 public:
  ConnectionActor(caf::actor_config& config, actors::Worker& home, bool home_runs_actors,
                  std::shared_ptr<Services> services);

 protected:
  caf::behavior make_behavior() override;

 private:
  void on_request(HttpRequest request);
  void on_reply(actors::Reply reply);
  void ask_pool(Exchange exchange, actors::Command command);
  void answer(Exchange& exchange, Response response, const actors::Trace& trace);
  void stop_when_idle();

  std::shared_ptr<Services> services_;
  std::vector<Exchange> exchanges_;  ///< by ticket
  std::vector<std::size_t> free_tickets_;
  bool stopping_ = false;
};

}  // namespace troupe::http
