#pragma once

#include <caf/actor.hpp>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "actors/runtime/runtime.hpp"
#include "actors/runtime/timers.hpp"

namespace troupe::tests {

/// A clock that stands still until it is turned. What is due at one moment comes in the order in which it was
/// asked for.
class VirtualTimers final : public actors::Timers {
 public:
  TimePoint now() const override { return now_; }
  void call_at(TimePoint when, caf::actor target, std::uint64_t token) override;
  /// Turns the clock to the next moment that an actor waits for and wakes all who wait for it. False: nobody
  /// waits.
  bool turn();
  /// The next moment that an actor waits for; the end of time when nobody does.
  TimePoint next() const { return entries_.empty() ? TimePoint::max() : entries_.top().when; }
  /// Turns the clock on by `time` and wakes all whose moment came meanwhile, when it is over.
  void pass(Duration time);
  void clear() { entries_ = {}; }

 private:
  struct Entry {
    TimePoint when;
    std::uint64_t number;
    caf::actor target;
    std::uint64_t token;
    bool operator<(const Entry& other) const {  // the top is the earliest
      return when != other.when ? when > other.when : number > other.number;
    }
  };
  TimePoint now_{std::chrono::hours(1)};  // a Trace takes the epoch for "unset"
  std::uint64_t calls_ = 0;
  std::priority_queue<Entry> entries_;
};

/// An actor system in virtual time, run by the test's own thread: an event happens when everything before it
/// is over.
class VirtualTime {
 public:
  VirtualTime() = default;
  /// Every actor must have been told to stop.
  ~VirtualTime();
  VirtualTime(const VirtualTime&) = delete;
  VirtualTime& operator=(const VirtualTime&) = delete;

  actors::Runtime& runtime() { return runtime_; }
  actors::Worker& worker() { return runtime_.workers()[0]; }
  VirtualTimers& timers() { return timers_; }

  /// Lets the actors do all that they can do now.
  void settle();
  /// Goes on until `done()`, which is asked before each turn of the clock; throws when nothing is left to
  /// happen.
  void run_until(const std::function<bool()>& done);
  /// Goes on for exactly so long.
  void run_for(Duration time);

 private:
  VirtualTimers timers_;
  actors::Runtime runtime_{timers_};
};

}  // namespace troupe::tests
