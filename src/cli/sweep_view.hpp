#pragma once

#include <ostream>

#include "sweep/run/repeat_loop.hpp"

namespace troupe::cli {

/// What a sweep shows of itself while it runs.
class SweepView {
 public:
  enum class Mode { quiet, lines, rewrite };
  SweepView(std::ostream& out, Mode mode) : out_(out), mode_(mode) {}

  void show(const sweep::Progress& progress);
  /// Ends the line that was being rewritten.
  void close();

 private:
  std::ostream& out_;
  Mode mode_;
  bool line_open_ = false;
};

/// "1m 20s", "3 days": an estimate for people.
std::string rough_time(std::chrono::duration<double> time);

}  // namespace troupe::cli
