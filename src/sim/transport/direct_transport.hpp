#pragma once

#include <memory>
#include <vector>

#include "actors/database/database_pool.hpp"
#include "actors/runtime/runtime.hpp"
#include "sim/transport/transport.hpp"

namespace troupe::sim {

/// Requests as messages, without sockets: what a connection actor would send to the pool, through relay
/// actors that stand for connection actors. With `connection_actors` 0 each user has one of its own; with N
/// the users share N: the number of connection actors stays a variable of the run, and the hops are the same.
class DirectTransport final : public Transport {
 public:
  DirectTransport(actors::Runtime& runtime, std::shared_ptr<actors::DatabasePool> pool,
                  std::size_t connection_actors, Duration request_timeout);

  std::unique_ptr<Link> make_link(caf::event_based_actor& user, actors::Worker& home,
                                  std::uint64_t number) override;
  void stop() override;

 private:
  caf::actor spawn_relay(actors::Worker& home);

  actors::Runtime& runtime_;
  std::shared_ptr<actors::DatabasePool> pool_;
  Duration request_timeout_;
  std::vector<std::vector<caf::actor>> relays_;  ///< by worker
  std::size_t relay_count_;
};

}  // namespace troupe::sim
