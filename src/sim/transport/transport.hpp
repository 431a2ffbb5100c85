#pragma once

#include <caf/event_based_actor.hpp>
#include <cstdint>
#include <memory>

#include "actors/runtime/worker.hpp"
#include "sim/transport/link.hpp"

namespace troupe::sim {

/// Makes the links of a run's users: the two ways to a server (messages, sockets) differ behind it only.
class Transport {
 public:
  virtual ~Transport() = default;
  /// For one user, on its worker's thread. `number`: of the user among all of the run. The user outlives the
  /// link.
  virtual std::unique_ptr<Link> make_link(caf::event_based_actor& user, actors::Worker& home,
                                          std::uint64_t number) = 0;
  /// Ends what the transport started itself. All users have ended by now.
  virtual void stop() {}
};

}  // namespace troupe::sim
