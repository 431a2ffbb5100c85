#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

#include "actors/runtime/pinned_actor.hpp"
#include "http/server/exchange.hpp"
#include "http/server/http_request.hpp"
#include "http/server/response.hpp"
#include "http/server/router.hpp"
#include "http/server/server_context.hpp"
#include "http/server/waiting_exchanges.hpp"

namespace troupe::http {

/// Takes whole requests from its session (or from several: server.connection_actors), routes each to its
/// endpoint, asks the pool what the endpoint wants to know, and answers. Pinned to a worker; never blocks.
class ConnectionActor final : public actors::PinnedActor {
 public:
  ConnectionActor(caf::actor_config& config, actors::Worker& home, bool home_runs_actors,
                  std::shared_ptr<ServerContext> context);

 protected:
  caf::behavior make_behavior() override;

 private:
  void on_request(HttpRequest request);
  void on_reply(const actors::Reply& reply);
  void on_late_answer(LateAnswer late);
  Step begin(Exchange& exchange);
  Response fault(const Exchange& exchange, const std::exception& exception);
  Response finish(Exchange& exchange, const actors::Outcome& outcome);
  void ask_pool(Exchange exchange, actors::Command command);
  void wait_for(Exchange exchange, const Later& later);
  void answer(Exchange& exchange, Response response, const actors::Trace& trace);
  void log(const Exchange& exchange, const Response& response, Duration took);
  const Router& router();
  void stop_when_idle();

  std::shared_ptr<ServerContext> context_;
  std::shared_ptr<const Router> router_;
  std::vector<std::shared_ptr<const Router>> old_routers_;  ///< that exchanges may still refer to
  std::uint64_t routes_version_ = 0;                        ///< of `router_`
  WaitingExchanges waiting_;
  bool stopping_ = false;
};

}  // namespace troupe::http
