#pragma once

#include <chrono>
#include <cstdint>

namespace troupe {

/// The one clock of Troupe: monotonic. In virtual-time runs its values come from a virtual clock (see
/// actors/runtime/timers.hpp).
using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

constexpr double to_seconds(Duration value) {
  return std::chrono::duration<double>(value).count();
}

/// The nearest duration.
constexpr Duration from_seconds(double value) {
  return std::chrono::round<Duration>(std::chrono::duration<double>(value));
}

/// Rounded up; of a duration that is not negative.
constexpr std::uint64_t whole_seconds(Duration value) {
  return static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(value).count());
}

}  // namespace troupe
