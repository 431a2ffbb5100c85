#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/load/warmup.hpp"
#include "sim/measure/recorder.hpp"
#include "sim/measure/warmup.hpp"
#include "sim/result/results.hpp"

namespace troupe::sim {

/// Adds up the seconds of a run that count (see WarmUpCut) and makes the statistics of them. One owner, not
/// thread-safe. Memory: 564 KB a task, and what the cut of an automatic warm-up keeps back.
class RunStatistics {
 public:
  struct TaskName {
    std::string name, method;
  };

  /// `ramp` and `warm_up` are left out, see WarmUpCut.
  RunStatistics(std::vector<TaskName> tasks, WarmUp warm_up, Duration ramp = {});

  /// One whole second, already merged over the workers, in order. Returns its point for the live line (whose
  /// `measured` is provisional with an automatic warm-up).
  const SeriesPoint& add(Interval second);

  /// The statistics up to now, the total last, for --abort-on-fail: without requests until the warm-up is
  /// over, and with an automatic one without the seconds that are kept back.
  std::vector<TaskStats> tasks_so_far() const;

  /// Fills run.elapsed, measured, warm_up and steady, tasks, total, series and failures. `elapsed` is the
  /// length of the run: its last second may have been cut short. Call once, at the end.
  void finish(Duration elapsed, RunResult& result);

 private:
  void fold(const Interval& second);

  std::vector<TaskName> names_;
  WarmUpCut cut_;
  std::vector<TaskRecord<Histogram>> totals_;
  std::vector<FailureCount> failures_;
  std::vector<SeriesPoint> series_;
  Histogram so_far_;  ///< response times of the whole run
};

}  // namespace troupe::sim
