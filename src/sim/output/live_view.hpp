#pragma once

#include <optional>
#include <string>
#include <utility>

#include "report/status_line.hpp"
#include "sim/result/results.hpp"

namespace troupe::sim {

/// The line that a run shows each second; on a terminal with a progress bar in front.
class LiveView {
 public:
  explicit LiveView(report::StatusLine line) : line_(std::move(line)) {}

  /// `progress` from 0 to 1, when it is known how long the run takes.
  void show(const SeriesPoint& point, std::optional<double> progress);
  /// Ends the line that was being rewritten.
  void close() { line_.close(); }

 private:
  report::StatusLine line_;
};

/// What the line says of a second: "12 s  200 users  98/s  p50 1.2 ms  p99 8 ms  0 errors".
std::string live_line(const SeriesPoint& point);
/// "[=====>    ]  50%"
std::string progress_bar(double progress);

}  // namespace troupe::sim
