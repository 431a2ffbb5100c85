#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace troupe::sweep {

constexpr std::size_t fewest_kneedle_points = 5;

/// Where a rising curve that flattens out bends most: Kneedle (V. Satopää et al., "Finding a 'Kneedle' in a
/// Haystack: Detecting Knee Points in System Behavior", ICDCS workshops 2011), offline, concave increasing,
/// S = 0.25. Of several knees the most pronounced. `points` are (x, y) by rising x; medians, so not smoothed
/// again.
///
/// Both axes are logarithmic, because loads are chosen by factors: on linear ones 1, 4 and 16 of 256 would be
/// one corner of the picture. The knee may lie between the points: it is where the line through the two
/// points before the one that bends most meets the line through the two after it, at most a point away.
///
/// None with fewer than 5 positive points, without a rise, or where the curve stands less than a quarter
/// above the straight line between its ends: noise of a few per cent bends a line, too.
std::optional<double> kneedle(std::span<const std::pair<double, double>> points);

}  // namespace troupe::sweep
