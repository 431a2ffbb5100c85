#include "stand_in/stand_in_station.hpp"

#include <algorithm>
#include <utility>

namespace troupe::stand_in {

std::optional<StandInJob> StandInStation::join(const caf::actor& member) {
  const std::lock_guard lock(mutex_);
  ++members_;
  return take(member);
}

caf::actor StandInStation::add(StandInJob job, const caf::actor& member) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(job));
  if (free_servers_ == 0 || free_members_.empty()) return {};
  --free_servers_;
  auto called = std::find(free_members_.begin(), free_members_.end(), member);
  if (called == free_members_.end()) called = free_members_.begin();
  auto who = std::move(*called);
  free_members_.erase(called);
  return who;
}

std::optional<StandInJob> StandInStation::next(const caf::actor& member) {
  const std::lock_guard lock(mutex_);
  ++free_servers_;
  return take(member);
}

std::deque<StandInJob> StandInStation::leave(const caf::actor& member) {
  const std::lock_guard lock(mutex_);
  std::erase(free_members_, member);
  if (--members_ > 0) return {};
  return std::exchange(waiting_, {});
}

std::optional<StandInJob> StandInStation::take(const caf::actor& member) {
  if (waiting_.empty() || free_servers_ == 0) {
    free_members_.push_back(member);
    return std::nullopt;
  }
  --free_servers_;
  auto job = std::move(waiting_.front());
  waiting_.pop_front();
  return job;
}

}  // namespace troupe::stand_in
