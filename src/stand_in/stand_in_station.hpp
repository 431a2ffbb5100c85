#pragma once

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "actors/database/database_pool.hpp"
#include "actors/database/messages.hpp"

namespace troupe::stand_in {

/// A command that a stand-in database has taken from its mailbox and not yet answered.
struct StandInJob {
  actors::Command command;
  caf::strong_actor_ptr sender;
  TimePoint received{};
  std::shared_ptr<actors::DatabaseActorStats> stats;  ///< of the member that the pool gave it to
};

/// To a member: the station has called it.
struct ServeNext {};

/// The waiting line of a pool of stand-ins that take time: first come first served by whichever member is
/// free, so that c members are one station with c servers (M/M/c and its kin in queueing theory) and not c
/// stations. Callable from any thread; behind a mutex, which a stand-in can afford.
class StandInStation {
 public:
  /// At most `servers` commands are served at a time.
  explicit StandInStation(std::size_t servers) : free_servers_(servers) {}

  /// A member comes to work: what `next` returns.
  std::optional<StandInJob> join(const caf::actor& member);
  /// Lines up `job`. Who is returned, if anybody, is to call `next`: `member` itself when it is free.
  caf::actor add(StandInJob job, const caf::actor& member);
  /// What a member serves now that it has finished a job or was called; nothing: it is free until called.
  std::optional<StandInJob> next(const caf::actor& member);
  /// A member goes. The last one gets what nobody will serve.
  std::deque<StandInJob> leave(const caf::actor& member);

 private:
  std::optional<StandInJob> take(const caf::actor& member);

  std::mutex mutex_;
  std::deque<StandInJob> waiting_;
  std::vector<caf::actor> free_members_;
  std::size_t free_servers_;
  std::size_t members_ = 0;
};

}  // namespace troupe::stand_in

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::stand_in::ServeNext)
