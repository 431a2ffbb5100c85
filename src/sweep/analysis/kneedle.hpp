#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace troupe::sweep {

constexpr std::size_t fewest_kneedle_points = 5;

/// Where a rising curve that flattens out bends most: Kneedle (V. Satopää et al., "Finding a 'Kneedle' in a
/// Haystack: Detecting Knee Points in System Behavior", ICDCS workshops 2011), offline, concave increasing,
/// S = 1. Of several knees the most pronounced. `points` are (x, y) by rising x; medians, so not smoothed
/// again. None with fewer than 5, without a rise, or on a curve that bends nowhere.
std::optional<double> kneedle(std::span<const std::pair<double, double>> points);

}  // namespace troupe::sweep
