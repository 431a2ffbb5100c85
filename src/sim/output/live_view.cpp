#include "sim/output/live_view.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <ostream>

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
  if (mode_ == Mode::quiet) return;
  const auto line = live_line(point);
  if (mode_ == Mode::lines) {
    out_ << line << std::endl;
    return;
  }
  // ECMA-48: carriage return, then erase to the end of the line.
  out_ << '\r' << (progress ? progress_bar(*progress) : std::string()) << line << "\x1b[K" << std::flush;
  line_open_ = true;
}

void LiveView::close() {
  if (line_open_) out_ << std::endl;
  line_open_ = false;
}

}  // namespace troupe::sim
