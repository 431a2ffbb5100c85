#pragma once

#include <caf/actor.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "actors/runtime/timers.hpp"
#include "support/random.hpp"
#include "support/time.hpp"

namespace troupe::world {

/// Virtual time, and all that is going to happen in it. What is due at one moment happens in an order that
/// the seed chooses: who needs another one lets the second event begin when the first is over. Used by one
/// thread.
class EventQueue final : public actors::Timers {
 public:
  explicit EventQueue(std::uint64_t seed);

  TimePoint now() const override { return now_; }
  void call_at(TimePoint when, caf::actor target, std::uint64_t token) override;
  /// Calls `what` at `when`, or as soon as possible after it. It cannot be taken back: `what` finds out
  /// itself whether it still matters.
  void at(TimePoint when, std::function<void()> what);
  void after(Duration time, std::function<void()> what) { at(now_ + time, std::move(what)); }

  /// Turns the clock to the next event and lets it happen. False: nothing is left to happen.
  bool turn();
  /// When the next event is; TimePoint::max() when there is none.
  TimePoint next() const { return events_.empty() ? TimePoint::max() : events_.front().when; }
  void clear() { events_.clear(); }

 private:
  struct Event {
    TimePoint when;
    std::uint64_t rank;
    std::function<void()> what;
    bool operator<(const Event& other) const {  // the first of the heap is the earliest
      return when != other.when ? when > other.when : rank > other.rank;
    }
  };

  TimePoint now_{std::chrono::hours(1)};  // a Trace takes the epoch for "unset"
  Rng ranks_;
  std::vector<Event> events_;  ///< a heap
};

}  // namespace troupe::world
