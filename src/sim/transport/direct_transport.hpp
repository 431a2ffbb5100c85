#pragma once

#include <memory>
#include <vector>

#include "actors/database/database_pool.hpp"
#include "actors/runtime/runtime.hpp"
#include "sim/transport/transport.hpp"

namespace troupe::sim {

/// Requests as messages, without sockets: what a connection actor would send to the pool. With
/// `connection_actors` 0 each user plays its own connection actor; with N the users share N relay actors, so
/// that the number of connection actors stays a variable of the run.
class DirectTransport final : public Transport {
 public:
  DirectTransport(actors::Runtime& runtime, std::shared_ptr<actors::DatabasePool> pool,
                  std::size_t connection_actors, Duration request_timeout);

  std::unique_ptr<Link> make_link(caf::event_based_actor& user, actors::Worker& home,
                                  std::uint64_t number) override;
  void stop() override;

 private:
  std::shared_ptr<actors::DatabasePool> pool_;
  Duration request_timeout_;
  std::vector<std::vector<caf::actor>> relays_;  ///< by worker
  std::size_t relay_count_;
};

}  // namespace troupe::sim
