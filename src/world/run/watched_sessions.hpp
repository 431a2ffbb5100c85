#pragma once

#include <functional>
#include <string>

#include "actors/database/database_session.hpp"
#include "support/time.hpp"

namespace troupe::world {

/// Who watches sessions.
struct SessionWatch {
  std::function<void(const std::string&)> tell;      ///< a line of what is sent or comes back; may be empty
  std::function<void(const std::string&)> complain;  ///< of what no database actor may do
  std::function<TimePoint()> now;
  Duration connect_timeout{};  ///< before it nobody gives up an attempt that has not failed
};

/// Sessions that are watched, and else are those of `open`.
actors::OpenSession watched_sessions(actors::OpenSession open, SessionWatch watch);

}  // namespace troupe::world
