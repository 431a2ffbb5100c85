#include "actors/database/deadlines.hpp"

#include <algorithm>
#include <utility>

namespace troupe::actors {

namespace {

// How long past the server's own limit a statement may be without an answer before the connection counts as
// dead.
constexpr auto dead_after = std::chrono::seconds(1);

}  // namespace

void Deadlines::ask_for_check(Timers& timers, const caf::actor& owner) {
  if (std::exchange(asked_, true)) return;
  timers.call_at(timers.now() + interval, owner, timer_token);
}

bool Deadlines::check(TimePoint now, CommandQueue& queue, BatchesInFlight& in_flight,
                      const AnswerLate& answer) {
  checked_ = now;
  for (auto& pending : queue.take_expired(now)) answer(pending, {Failure::Kind::deadline_passed}, {});
  for (auto& batch : in_flight) {
    for (auto& pending : batch.commands) {
      const auto deadline = pending.command.head.deadline;
      // The little more lets the server's own timeout speak first: then a write's outcome is known.
      if (deadline + interval <= now) {
        answer(pending, {Failure::Kind::deadline_passed, is_write(batch.kind())}, batch.sent);
      }
    }
  }
  // Late is not dead: the server gives up by itself what takes too long, and says so. Until it should have,
  // it may be busy with the oldest batch, or wait for a lock, whatever the deadlines are.
  if (in_flight.empty()) return false;
  const auto& oldest = in_flight.oldest();
  return std::max(heard_, oldest.sent) + oldest.server_limit + dead_after <= now;
}

}  // namespace troupe::actors
