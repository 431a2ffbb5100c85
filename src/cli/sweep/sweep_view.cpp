#include "cli/sweep/sweep_view.hpp"

#include <spdlog/fmt/fmt.h>

#include <cmath>

#include "sim/output/live_view.hpp"
#include "support/number_formats.hpp"

namespace troupe::cli {

std::string rough_time(std::chrono::duration<double> time) {
  const auto seconds = static_cast<std::uint64_t>(std::ceil(std::max(time.count(), 0.0)));
  constexpr std::uint64_t minute = 60, hour = 60 * minute, day = 24 * hour;
  if (seconds < minute) return fmt::format("{}s", seconds);
  if (seconds < hour) return fmt::format("{}m {}s", seconds / minute, seconds % minute);
  if (seconds < 2 * day) return fmt::format("{}h {}m", seconds / hour, seconds % hour / minute);
  return fmt::format("{} days", seconds / day);
}

void SweepView::show(const sweep::Progress& progress) {
  const auto& last = *progress.last;
  const auto count = progress.total ? fmt::format("{}/{}", progress.done, *progress.total)
                                    : fmt::format("{}", progress.done);
  const auto figures = last.failure.empty() ? fmt::format("{}/s, p99 {}", figure(last.rate_per_s),
                                                          duration_us(static_cast<double>(last.p99.count())))
                                            : "could not be run";
  auto line = fmt::format("{}  {} left  {}: {}", count, rough_time(progress.time_left),
                          sweep::describe(last.cell), figures);
  if (last.failed > 0) line += fmt::format(", {} failed", percent(last.error_rate()));
  if (progress.total && line_.mode() == report::StatusLine::Mode::rewrite) {
    const auto share = static_cast<double>(progress.done) / static_cast<double>(*progress.total);
    line = sim::progress_bar(share) + "  " + line;
  }
  line_.show(line);
}

}  // namespace troupe::cli
