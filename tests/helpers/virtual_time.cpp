#include "helpers/virtual_time.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <stdexcept>
#include <utility>

namespace troupe::tests {

void VirtualTimers::call_at(TimePoint when, caf::actor target, std::uint64_t token) {
  entries_.push({std::max(when, now_), calls_++, std::move(target), token});
}

bool VirtualTimers::turn() {
  if (entries_.empty()) return false;
  pass(entries_.top().when - now_);
  return true;
}

void VirtualTimers::pass(Duration time) {
  now_ += time;
  while (!entries_.empty() && entries_.top().when <= now_) {
    caf::anon_send(entries_.top().target, actors::TimerTick{entries_.top().token});
    entries_.pop();
  }
}

VirtualTime::~VirtualTime() {
  settle();
  timers_.clear();
}

void VirtualTime::settle() {
  // Every actor of ours is pinned: CAF's test coordinator holds nothing but CAF's own.
  while (worker().poll()) {
  }
}

void VirtualTime::run_until(const std::function<bool()>& done) {
  for (settle(); !done(); settle()) {
    if (!timers_.turn()) throw std::runtime_error("nothing is left to happen in virtual time");
  }
}

void VirtualTime::run_for(Duration time) {
  const auto end = timers_.now() + time;
  for (settle(); timers_.next() <= end; settle()) timers_.turn();
  timers_.pass(end - timers_.now());
  settle();
}

}  // namespace troupe::tests
