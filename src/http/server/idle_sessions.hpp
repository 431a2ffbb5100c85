#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "support/time.hpp"

namespace troupe::http {

class Session;
class SessionWheel;

/// The sessions of one worker that have been idle for longest, for who must close one. They are looked for
/// only when somebody is to be closed, and some at once: so requests, which make sessions idle again and
/// again, pay nothing for it, and a look at ten thousand sessions serves for many who come. Used on the
/// worker's thread.
class IdleSessions {
 public:
  /// Looks through all of them.
  void gather(SessionWheel& wheel);
  /// Since when the first one is idle; TimePoint::max(): none is left of those that were gathered. Whoever
  /// was left out then, or has become idle since, is so for less long.
  TimePoint first();
  /// Closes that one.
  bool close_first();

 private:
  using Candidate = std::pair<TimePoint, std::weak_ptr<Session>>;
  static constexpr std::size_t most = 128;

  std::vector<Candidate> candidates_;  ///< the longest idle last
};

}  // namespace troupe::http
