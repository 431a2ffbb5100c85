#include "world/time/event_queue.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <utility>

namespace troupe::world {

EventQueue::EventQueue(std::uint64_t seed) : ranks_(seed, RandomStream::world_order) {}

void EventQueue::call_at(TimePoint when, caf::actor target, std::uint64_t token) {
  at(when, [target = std::move(target), token] { caf::anon_send(target, actors::TimerTick{token}); });
}

void EventQueue::at(TimePoint when, std::function<void()> what) {
  events_.push_back({std::max(when, now_), ranks_(), std::move(what)});
  std::push_heap(events_.begin(), events_.end());
}

bool EventQueue::turn() {
  if (events_.empty()) return false;
  std::pop_heap(events_.begin(), events_.end());
  const auto event = std::move(events_.back());
  events_.pop_back();
  now_ = event.when;
  event.what();
  return true;
}

}  // namespace troupe::world
