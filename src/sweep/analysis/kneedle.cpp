#include "sweep/analysis/kneedle.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace troupe::sweep {
namespace {

constexpr double sensitivity = 0.25;  ///< the paper's S
const double least_bend = std::log(1.25);
/// Slopes (perfect scaling is 1) that differ by less than this meet anywhere.
constexpr double nearly_parallel = 0.1;

struct LogPoint {
  double x = 0;
  double y = 0;
};

std::vector<LogPoint> on_logs(std::span<const std::pair<double, double>> points) {
  std::vector<LogPoint> out;
  for (const auto& [x, y] : points) {
    if (x > 0 && y > 0) out.push_back({std::log(x), std::log(y)});
  }
  return out;
}

/// The curve above the diagonal.
struct Heights {
  std::vector<double> values;  ///< both axes brought to [0, 1]; empty without a width or a height
  double unit = 0;             ///< what 1 was on y
};

Heights above_diagonal(std::span<const LogPoint> points) {
  const auto by_y = [](const auto& a, const auto& b) { return a.y < b.y; };
  const auto [lowest, highest] = std::minmax_element(points.begin(), points.end(), by_y);
  const double width = points.back().x - points.front().x;
  Heights out;
  out.unit = highest->y - lowest->y;
  if (!(width > 0) || !(out.unit > 0)) return out;
  for (const auto& [x, y] : points) {
    out.values.push_back((y - lowest->y) / out.unit - (x - points.front().x) / width);
  }
  return out;
}

/// A local maximum is a knee once the curve falls below its threshold before it rises to another maximum.
bool is_knee(std::span<const double> heights, std::size_t at, double threshold) {
  for (auto i = at + 1; i < heights.size(); ++i) {
    if (heights[i] < threshold) return true;
    if (heights[i] > heights[at]) return false;
  }
  return false;
}

std::optional<std::size_t> highest_knee(std::span<const double> heights) {
  // The mean distance of neighbours on an axis of length 1.
  const double step = 1 / static_cast<double>(heights.size() - 1);
  std::optional<std::size_t> best;
  for (std::size_t i = 1; i + 1 < heights.size(); ++i) {
    const bool maximum = heights[i] >= heights[i - 1] && heights[i] >= heights[i + 1] && heights[i] > 0;
    if (!maximum || !is_knee(heights, i, heights[i] - sensitivity * step)) continue;
    if (!best || heights[i] > heights[*best]) best = i;
  }
  return best;
}

double slope(const LogPoint& a, const LogPoint& b) {
  return (b.y - a.y) / (b.x - a.x);
}

/// Where the lines through the pieces to both sides of point `at` meet. Next to an end one of the pieces has
/// the point itself as its other end.
double between_points(std::span<const LogPoint> points, std::size_t at) {
  const auto left = at >= 2 ? at - 2 : 0;
  const auto right = std::min(at + 1, points.size() - 2);
  const auto& before = points[left];
  const auto& after = points[right];
  const double rising = slope(before, points[left + 1]);
  const double flat = slope(after, points[right + 1]);
  if (!(rising - flat > nearly_parallel)) return points[at].x;
  const double meeting = (after.y - flat * after.x - before.y + rising * before.x) / (rising - flat);
  return std::isfinite(meeting) ? std::clamp(meeting, points[at - 1].x, points[at + 1].x) : points[at].x;
}

}  // namespace

std::optional<double> kneedle(std::span<const std::pair<double, double>> all) {
  const auto points = on_logs(all);
  if (points.size() < fewest_kneedle_points) return std::nullopt;
  const auto heights = above_diagonal(points);
  if (heights.values.empty()) return std::nullopt;
  const auto best = highest_knee(heights.values);
  if (!best || heights.values[*best] * heights.unit < least_bend) return std::nullopt;
  return std::exp(between_points(points, *best));
}

}  // namespace troupe::sweep
