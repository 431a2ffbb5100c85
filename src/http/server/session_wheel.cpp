#include "http/server/session_wheel.hpp"

#include <algorithm>
#include <limits>

#include "http/server/session.hpp"

namespace troupe::http {

SessionWheel::SessionWheel(TimePoint begin) : begin_(begin) {}

SessionWheel::~SessionWheel() = default;

SessionWheel::Tick SessionWheel::tick_of(TimePoint time) const {
  const auto ticks = std::max<Duration>(time - begin_, Duration::zero()) / step;
  return static_cast<Tick>(std::min<std::int64_t>(ticks, std::numeric_limits<Tick>::max() - 1)) + 1;
}

void SessionWheel::put(Session& session, TimePoint deadline) {
  if (session.is_linked()) session.unlink();
  const auto tick = std::clamp(tick_of(deadline), next_, next_ + buckets - 1);
  bucket(tick).push_back(session);
  session.will_be_seen_at(tick);
}

void SessionWheel::turn(TimePoint now, const std::function<void(Session&)>& look) {
  // After a stop of the process all buckets have their turn, each once.
  const auto end = tick_of(now);
  if (end - next_ >= buckets) next_ = end - buckets + 1;
  while (next_ < end) look_into(next_++, look);
  look_into(end, look);
}

void SessionWheel::look_into(Tick tick, const std::function<void(Session&)>& look) {
  Bucket due;
  due.swap(bucket(tick));  // who is put meanwhile is not looked at again
  while (!due.empty()) {
    const auto session = due.front().shared_from_this();  // a look may end it
    due.pop_front();
    look(*session);
  }
}

void SessionWheel::for_each(const std::function<void(Session&)>& visit) {
  for (auto& bucket : wheel_) {
    for (auto next = bucket.begin(); next != bucket.end();) {
      const auto session = next->shared_from_this();
      ++next;
      visit(*session);
    }
  }
}

}  // namespace troupe::http
