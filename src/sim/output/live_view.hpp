#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "sim/result/results.hpp"

namespace troupe::sim {

/// The line that a run shows each second. Pure but for what it writes to its stream.
class LiveView {
 public:
  enum class Mode {
    quiet,   ///< nothing
    lines,   ///< a plain line a second, for pipes and logs
    rewrite  ///< one line, written over, with a progress bar: for terminals
  };
  LiveView(std::ostream& out, Mode mode) : out_(out), mode_(mode) {}

  /// `progress` from 0 to 1, when it is known how long the run takes.
  void show(const SeriesPoint& point, std::optional<double> progress);
  /// Ends the line that was being rewritten.
  void close();

 private:
  std::ostream& out_;
  Mode mode_;
  bool line_open_ = false;
};

/// What the line says of a second: "12 s  200 users  98/s  p50 1.2 ms  p99 8 ms  0 errors".
std::string live_line(const SeriesPoint& point);
/// "[=====>    ]  50%"
std::string progress_bar(double progress);

}  // namespace troupe::sim
