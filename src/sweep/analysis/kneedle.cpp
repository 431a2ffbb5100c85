#include "sweep/analysis/kneedle.hpp"

#include <algorithm>
#include <vector>

namespace troupe::sweep {
namespace {

constexpr double sensitivity = 1;  ///< the paper's S

/// Height of the curve above the diagonal, both axes brought to [0, 1].
std::vector<double> above_diagonal(std::span<const std::pair<double, double>> points) {
  const auto by_y = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto [lowest, highest] = std::minmax_element(points.begin(), points.end(), by_y);
  const double width = points.back().first - points.front().first;
  const double height = highest->second - lowest->second;
  std::vector<double> out;
  if (!(width > 0) || !(height > 0)) return out;
  for (const auto& [x, y] : points) {
    out.push_back((y - lowest->second) / height - (x - points.front().first) / width);
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

}  // namespace

std::optional<double> kneedle(std::span<const std::pair<double, double>> points) {
  if (points.size() < fewest_kneedle_points) return std::nullopt;
  const auto heights = above_diagonal(points);
  if (heights.empty()) return std::nullopt;
  // The mean distance of neighbours on an axis of length 1.
  const double step = 1 / static_cast<double>(points.size() - 1);
  std::optional<std::size_t> best;
  for (std::size_t i = 1; i + 1 < heights.size(); ++i) {
    const bool maximum = heights[i] >= heights[i - 1] && heights[i] >= heights[i + 1] && heights[i] > 0;
    if (!maximum || !is_knee(heights, i, heights[i] - sensitivity * step)) continue;
    if (!best || heights[i] > heights[*best]) best = i;
  }
  return best ? std::optional(points[*best].first) : std::nullopt;
}

}  // namespace troupe::sweep
