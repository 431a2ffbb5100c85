#include "actors/runtime/timers.hpp"

#include <algorithm>
#include <caf/send.hpp>

#include "actors/runtime/worker.hpp"

namespace troupe::actors {

// Actors may run on threads of CAF's, and anybody may ask what time it is: those have no turn.
TimePoint WorkerTimers::now() const {
  return Worker::current() == &worker_ ? turn_ : precisely();
}

void WorkerTimers::call_at(TimePoint when, caf::actor target, std::uint64_t token) {
  Entry entry{when, std::move(target), token};
  if (Worker::current() == &worker_) return entries_.push(std::move(entry));
  worker_.post([this, entry = std::move(entry)] { entries_.push(entry); });
}

TimePoint WorkerTimers::next() const {
  auto first = entries_.empty() ? TimePoint::max() : entries_.top().when;
  return tasks_.empty() ? first : std::min(first, tasks_.begin()->first);
}

void WorkerTimers::fire() {
  if (next() == TimePoint::max()) return;
  const auto due = now();
  while (!entries_.empty() && entries_.top().when <= due) {
    caf::anon_send(entries_.top().target, TimerTick{entries_.top().token});
    entries_.pop();
  }
  while (!tasks_.empty() && tasks_.begin()->first <= due) {
    const auto task = std::move(tasks_.begin()->second);
    tasks_.erase(tasks_.begin());
    task();
  }
}

void WorkerTimers::clear() {
  entries_ = {};
  tasks_.clear();
}

}  // namespace troupe::actors
