#pragma once

#include <caf/actor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>

#include "actors/database/batches_in_flight.hpp"
#include "actors/database/command_queue.hpp"
#include "actors/runtime/timers.hpp"

namespace troupe::actors {

/// Looks again and again at what a database actor owes: which commands are past their deadline, and whether
/// the server counts as dead. Used by one actor.
class Deadlines {
 public:
  /// The time between two checks, and how long past its deadline a command in flight is left to the server's
  /// own time-out.
  static constexpr std::chrono::milliseconds interval{50};
  /// The token of the TimerTick that asks for a check.
  static constexpr std::uint64_t timer_token = 0;

  /// Answers a command that is late; `sent` is unset when it never was.
  using AnswerLate = std::function<void(Pending&, Failure, TimePoint sent)>;

  /// Asks for a TimerTick after one interval, unless one is on its way.
  void ask_for_check(Timers& timers, const caf::actor& owner);
  /// The TimerTick has come.
  void asked() { asked_ = false; }

  /// Has an interval passed since the last check? For who looks at the time between two waits.
  bool check_is_due(TimePoint now) const { return now - checked_ >= interval; }
  /// Takes what is late out of `queue` and answers it, also what is in flight (which stays there: its
  /// completion is still to come). True: the server has been silent for too long, the connection counts as
  /// dead.
  bool check(TimePoint now, CommandQueue& queue, BatchesInFlight& in_flight, const AnswerLate& answer);

  /// The server has sent something, or had nothing to answer until now.
  void heard(TimePoint now) { heard_ = now; }

 private:
  bool asked_ = false;
  TimePoint checked_{};
  TimePoint heard_{};
};

}  // namespace troupe::actors
