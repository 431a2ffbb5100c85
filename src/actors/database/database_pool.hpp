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

#include "actors/database/messages.hpp"

namespace troupe::actors {

/// What one database actor tells the pool and /metrics about itself. Written by the actor (and `outstanding`,
/// `lists` by senders), read by anyone: all relaxed atomics, because each is a hint or a counter, never a
/// lock.
struct DatabaseActorStats {
  std::atomic<bool> ready{false};             ///< has a connection that works
  std::atomic<std::uint64_t> outstanding{0};  ///< commands submitted and not yet answered
  std::atomic<std::uint64_t> lists{0};        ///< of these, list queries
  std::atomic<std::uint64_t> in_flight{0};    ///< statements sent and not yet answered
  std::atomic<std::uint64_t> batches{0};      ///< statements ever sent
  std::atomic<std::uint64_t> rows{0};         ///< commands ever sent in them
  std::atomic<std::uint64_t> wait_us{0};      ///< total time between submission and sending
  std::atomic<std::uint64_t> reconnects{0};   ///< connections ever lost
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

  DatabasePool(std::vector<Member> members, std::size_t queue_limit)
      : members_(std::move(members)), queue_limit_(queue_limit) {}

  /// Sends `command` to a database actor: single-row commands to one on worker `home` if it has one free of
  /// lists, else to the one with least waiting; a list where no list runs, and where least waits. The answer
  /// comes to `sender` as a Reply. A returned Failure is the answer: nobody could take the command, and no
  /// Reply follows.
  [[nodiscard]] std::optional<Failure> submit(caf::local_actor& sender, std::size_t home, Command command);

  /// Is any connection to PostgreSQL working now?
  bool any_ready() const { return ready() > 0; }
  /// How many connections to PostgreSQL work now.
  std::size_t ready() const;
  const std::vector<Member>& members() const { return members_; }

 private:
  const Member* choose(std::size_t home, bool list) const;

  std::vector<Member> members_;
  std::size_t queue_limit_;
};

/// Waits until so many connections work, for `timeout` at most, or until `give_up` says so. True when they
/// do.
bool wait_until_ready(const DatabasePool& pool, std::size_t connections, std::chrono::milliseconds timeout,
                      const std::function<bool()>& give_up);

}  // namespace troupe::actors
