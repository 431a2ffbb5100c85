#pragma once

#include <atomic>
#include <caf/actor.hpp>
#include <caf/local_actor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "actors/database/lanes.hpp"
#include "actors/database/messages.hpp"

namespace troupe::actors {

/// What one database actor tells the pool and /metrics about itself. Written by the actor (and `outstanding`,
/// `lists` by senders), read by anyone: all relaxed atomics, because each is a hint or a counter, never a
/// lock.
struct DatabaseActorStats {
  std::atomic<bool> ready{false};             ///< has a connection that works
  std::atomic<bool> stopping{false};          ///< takes no command any more
  std::atomic<std::uint64_t> outstanding{0};  ///< commands submitted and not yet answered
  std::atomic<std::uint64_t> lists{0};        ///< of these, list queries
  std::atomic<std::uint64_t> in_flight{0};    ///< statements sent and not yet answered
  std::atomic<std::uint64_t> batches{0};      ///< statements ever sent
  std::atomic<std::uint64_t> rows{0};         ///< commands ever sent in them
  std::atomic<std::uint64_t> wait_us{0};      ///< total time between submission and sending
  std::atomic<std::uint64_t> reconnects{0};   ///< connections ever lost
  std::atomic<std::uint64_t> row_time_ns{0};  ///< what a statement for single rows takes of late, or a commit
  std::atomic<std::uint64_t> list_time_ns{0};  ///< the same of a list or call
};

/// How a pool chooses.
struct PoolRules {
  std::size_t queue_limit = 4'096;         ///< commands per actor
  std::size_t max_batch = 1;               ///< rows that share a statement
  bool lanes = false;                      ///< keep the lanes apart; else each connection carries everything
  std::shared_ptr<const LaneState> state;  ///< of lanes; null without them
};

/// Routes commands to database actors: a handle, not an actor, so that a command takes one hop. Immutable
/// after construction; callable from any thread.
class DatabasePool {
 public:
  struct Member {
    caf::actor actor;
    std::size_t worker = 0;  ///< index of the actor's home
    std::shared_ptr<DatabaseActorStats> stats;
  };

  DatabasePool(std::vector<Member> members, PoolRules rules);

  /// Sends `command` to a database actor: to one of its lane (`write_lanes`), on worker `home` if there is
  /// one, and to one without a list if it is not one itself. Without lanes lists go where least waits. While
  /// no connection works, the command waits for one (DatabaseSettings::outage_wait). The answer comes to
  /// `sender` as a Reply. A returned Failure is the answer: nobody could take the command, or it would have
  /// waited past its deadline, and no Reply follows.
  [[nodiscard]] std::optional<Failure> submit(caf::local_actor& sender, std::size_t home, Command command);

  /// Is any connection to PostgreSQL working now? An idle one is asked every second.
  bool any_ready() const { return ready() > 0; }
  /// How many connections to PostgreSQL work now.
  std::size_t ready() const;
  const std::vector<Member>& members() const { return members_; }
  const PoolRules& rules() const { return rules_; }
  /// Do commands of this lane go to the member at `index`, as things are now?
  bool serves(std::size_t index, Lane lane) const;

 private:
  const Member& choose(std::size_t home, Lane lane) const;
  const Member& choose_by_lane(std::size_t home, Lane lane) const;
  const Member& choose_shared(std::size_t home, bool list) const;

  std::vector<Member> members_;
  PoolRules rules_;
  std::size_t workers_ = 0;  ///< so many of the first members are each alone on their worker
};

/// Waits until so many connections work, for `timeout` at most, or until `give_up` says so. True when they
/// do.
bool wait_until_ready(const DatabasePool& pool, std::size_t connections, std::chrono::milliseconds timeout,
                      const std::function<bool()>& give_up);

}  // namespace troupe::actors
