#include "sim/output/live_view.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "support/units.hpp"

namespace troupe::sim {

std::string live_line(const SeriesPoint& point) {
  return fmt::format("{:4} s  {} users  {:.0f}/s  p50 {}  p99 {}  {} errors{}", point.second + 1, point.users,
                     point.rate_per_s, describe_duration(point.p50), describe_duration(point.p99),
                     point.failed_so_far,
                     point.dropped > 0 ? fmt::format("  {} dropped", point.dropped) : "");
}

std::string progress_bar(double progress) {
  constexpr std::size_t width = 20;
  const auto done = static_cast<std::size_t>(std::clamp(progress, 0.0, 1.0) * width);
  std::string bar(width, ' ');
  std::fill_n(bar.begin(), done, '=');
  if (done < width) bar[done] = '>';
  return fmt::format("[{}] {:3.0f}%", bar, 100 * std::clamp(progress, 0.0, 1.0));
}

void LiveView::show(const SeriesPoint& point, std::optional<double> progress) {
  const bool bar = progress && line_.mode() == report::StatusLine::Mode::rewrite;
  line_.show((bar ? progress_bar(*progress) : std::string()) + live_line(point));
}

}  // namespace troupe::sim
