#include "actors/database/deadlines.hpp"

#include <utility>

namespace troupe::actors {

namespace {

// How long past its deadline a statement may be without an answer before the connection counts as dead: the
// server's own statement_timeout has had its chance by then.
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
  bool overdue = false;
  for (auto& batch : in_flight) {
    for (auto& pending : batch.commands) {
      const auto deadline = pending.command.head.deadline;
      overdue = overdue || deadline + dead_after <= now;
      // The little more lets the server's own timeout speak first: then a write's outcome is known.
      if (deadline + interval <= now) {
        answer(pending, {Failure::Kind::deadline_passed, is_write(batch.kind())}, batch.sent);
      }
    }
  }
  // Late is not dead: a server that still answers one statement after the other (waiting for locks, say) is
  // heard of.
  return overdue && heard_ + dead_after <= now;
}

}  // namespace troupe::actors
