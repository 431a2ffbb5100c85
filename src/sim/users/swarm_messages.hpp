#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <cstddef>
#include <cstdint>

#include "support/time.hpp"

// What a swarm, its actors and their users tell each other.

namespace troupe::sim {

/// To a user: begin a request now; it was due at `intended`.
struct Begin {
  TimePoint intended{};
};
/// To a user: the request with this ticket took too long.
struct GiveUp {
  std::uint64_t ticket = 0;
};
/// To a swarm actor: its last user has ended.
struct PartEmpty {};
/// To a swarm actor: a cycle's phase begins.
struct BeginPhase {
  std::size_t phase = 0;
};
/// To a swarm actor: every request of the phase was answered.
struct PhaseDone {};
/// To a swarm actor: no request is begun any more; those under way may end.
struct EndRun {
  bool at_once = false;  ///< those under way are given up within a second, and do not count
};

}  // namespace troupe::sim

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::sim::Begin)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::sim::GiveUp)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::sim::PartEmpty)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::sim::BeginPhase)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::sim::PhaseDone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::sim::EndRun)
