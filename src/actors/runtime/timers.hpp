#pragma once

#include <caf/actor.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <vector>

#include "actors/runtime/messages.hpp"
#include "support/time.hpp"

namespace troupe::actors {

class Worker;

/// Time as actors see it: what time it is, and to be called back at a point in time. Real runs ask their
/// worker, tests and virtual-time runs a clock of their own. No actor calls a clock itself.
class Timers {
 public:
  virtual ~Timers() = default;
  /// On a worker: when its turn began. Reading the clock costs as much as a small allocation, and what a turn
  /// does belongs to one moment.
  virtual TimePoint now() const = 0;
  /// The same, read from the clock: for what measures how long something takes within a turn.
  virtual TimePoint precisely() const { return now(); }
  /// Sends TimerTick{token} to `target` at `when` or as soon as possible after it. Cannot be cancelled: the
  /// receiver ignores tokens it no longer waits for.
  virtual void call_at(TimePoint when, caf::actor target, std::uint64_t token) = 0;
};

/// A timer queue on one worker, which waits no longer than until `next()`: a binary heap, so 100,000 sleeping
/// actors cost 32 bytes each and no thread.
class WorkerTimers final : public Timers {
 public:
  explicit WorkerTimers(Worker& worker) : worker_(worker) {}
  TimePoint now() const override;
  TimePoint precisely() const override { return TimePoint::clock::now(); }
  /// Callable from any thread; from the worker's own it takes no lock.
  void call_at(TimePoint when, caf::actor target, std::uint64_t token) override;

  // ---- on the worker's thread

  void begin_turn() { turn_ = precisely(); }
  void run_at(TimePoint when, std::function<void()> task) { tasks_.emplace(when, std::move(task)); }
  /// When the first of all is due; TimePoint::max(): there is none.
  TimePoint next() const;
  /// Tells those that are due.
  void fire();
  /// Lets go of all that still wait. To be called when the worker's thread has ended.
  void clear();

 private:
  struct Entry {
    TimePoint when;
    caf::actor target;
    std::uint64_t token;
    bool operator<(const Entry& other) const { return when > other.when; }  // earliest on top
  };

  Worker& worker_;
  TimePoint turn_{};
  std::priority_queue<Entry> entries_;
  std::multimap<TimePoint, std::function<void()>> tasks_;  ///< few
};

}  // namespace troupe::actors
