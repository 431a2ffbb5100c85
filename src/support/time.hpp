#pragma once

#include <chrono>

namespace troupe {

/// The one clock of Troupe: monotonic. In virtual-time runs its values come from a virtual clock (see
/// actors/timers.hpp).
using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

}  // namespace troupe
