#include "http/server/idle_sessions.hpp"

#include <algorithm>
#include <ranges>

#include "http/server/session.hpp"

namespace troupe::http {

void IdleSessions::gather(SessionWheel& wheel) {
  std::vector<std::pair<TimePoint, Session*>> idle;
  wheel.for_each([&](Session& session) {
    if (const auto since = session.idle_since(); since != TimePoint::max())
      idle.emplace_back(since, &session);
  });
  const auto kept = idle.begin() + static_cast<std::ptrdiff_t>(std::min(idle.size(), most));
  const auto by_time = [](const auto& pair) { return pair.first; };
  std::ranges::partial_sort(idle, kept, {}, by_time);
  idle.erase(kept, idle.end());
  candidates_.clear();
  for (const auto& [since, session] : std::views::reverse(idle))
    candidates_.emplace_back(since, session->weak_from_this());
}

TimePoint IdleSessions::first() {
  for (; !candidates_.empty(); candidates_.pop_back()) {
    const auto& [since, weak] = candidates_.back();
    const auto session = weak.lock();
    if (session && session->idle_since() == since) return since;
  }
  return TimePoint::max();
}

bool IdleSessions::close_first() {
  if (first() == TimePoint::max()) return false;
  const auto session = candidates_.back().second.lock();
  candidates_.pop_back();
  session->close();
  return true;
}

}  // namespace troupe::http
