#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "report/status_line.hpp"
#include "sweep/run/repeat_loop.hpp"

namespace troupe::cli {

/// What a sweep shows of itself while it runs.
class SweepView {
 public:
  explicit SweepView(report::StatusLine line) : line_(std::move(line)) {}

  void show(const sweep::Progress& progress);
  /// Ends the line that was being rewritten.
  void close() { line_.close(); }

 private:
  report::StatusLine line_;
};

/// "1m 20s", "3 days": an estimate for people.
std::string rough_time(std::chrono::duration<double> time);

}  // namespace troupe::cli
