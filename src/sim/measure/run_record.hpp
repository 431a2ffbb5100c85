#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/load/warmup.hpp"
#include "sim/measure/recorder.hpp"
#include "sim/result/results.hpp"

namespace troupe::sim {

/// Gathers the seconds of a run, leaves out ramp and warm-up, and makes the statistics of the rest. One
/// owner, not thread-safe. Memory: 564 KB a task, and with an automatic warm-up up to 120 seconds kept in
/// sparse form until the cut is known.
class RunRecord {
 public:
  struct TaskName {
    std::string name, method;
  };

  /// `ramp` is left out in any case, `warm_up` after it; both are rounded up to whole seconds.
  RunRecord(std::vector<TaskName> tasks, WarmUp warm_up, Duration ramp = {});

  /// One whole second, already merged over the workers, in order. Returns its point for the live line (whose
  /// `measured` is provisional with an automatic warm-up).
  const SeriesPoint& add(Interval second);

  std::uint64_t requests_so_far() const { return so_far_.count(); }
  /// The statistics up to now, the total last, for --abort-on-fail: without requests until the warm-up is
  /// over, and with an automatic one without the seconds that are kept back.
  std::vector<TaskStats> tasks_so_far() const;

  /// Fills run.elapsed, measured, warm_up and steady, tasks, total, series and failures. `elapsed` is the
  /// length of the run: its last second may have been cut short. Call once, at the end.
  void finish(Duration elapsed, RunResult& result);

 private:
  void fold(const Interval& second);
  std::uint64_t settle();

  std::vector<TaskName> names_;
  WarmUp warm_up_;
  std::uint64_t ramp_s_;
  std::vector<TaskRecord<Histogram>> totals_;
  std::vector<FailureCount> failures_;
  std::vector<Interval> kept_;  ///< automatic warm-up: the seconds after the ramp among which the cut will be
  std::vector<SeriesPoint> series_;
  Histogram so_far_;
  bool steady_ = true;
};

/// The statistics of one task over the time in which it was measured.
TaskStats task_stats(const RunRecord::TaskName& name, const TaskRecord<Histogram>& record, Seconds measured);

/// Adds up all tasks.
TaskRecord<Histogram> add_up(const std::vector<TaskRecord<Histogram>>& tasks);

}  // namespace troupe::sim
