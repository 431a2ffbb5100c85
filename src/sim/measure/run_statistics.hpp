#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/load/warmup.hpp"
#include "sim/measure/busy_looks.hpp"
#include "sim/measure/interval.hpp"
#include "sim/measure/run_series.hpp"
#include "sim/measure/warmup.hpp"
#include "sim/result/results.hpp"

namespace troupe::sim {

/// Adds up the intervals of a run that count (see interval.hpp and WarmUpCut) and makes the statistics of
/// them. One owner, not thread-safe. Memory does not grow with the run's length: 564 KB a task, twice that
/// with failures, what the cut of an automatic warm-up keeps back, and an hour's worth of points
/// (a point a second of a cycle, whose length nobody knows before).
class RunStatistics {
 public:
  struct TaskName {
    std::string name, method;
    double wanted_share = 0;
  };

  /// `ramp` and `warm_up` are left out, see WarmUpCut. `longest_request`: the timeout. `load`: its length,
  /// see RunSeries.
  RunStatistics(std::vector<TaskName> tasks, WarmUp warm_up, Duration ramp = {},
                Duration longest_request = std::chrono::seconds(10), Duration load = Duration::max());

  /// One interval, already merged over the workers, in order. True when it completed a second.
  bool add(Interval interval);
  /// The last whole second, for the live line (its `measured` is provisional with an automatic warm-up). Only
  /// after one was completed.
  const SeriesPoint& last_second() const { return series_.last_second(); }

  /// The statistics up to now, the total last, for --abort-on-fail: without requests until the warm-up is
  /// over, and with an automatic one without the seconds that are kept back.
  std::vector<TaskStats> tasks_so_far() const;

  /// Fills run.elapsed, measured, warm_up and steady, tasks, total, series and failures. `elapsed` is the
  /// time until the end of the load. Call once, at the end.
  void finish(Duration elapsed, RunResult& result);
  /// After `finish`.
  BusyFigures busy() const { return looks_.figures(); }

 private:
  void fold(const Interval& interval);

  std::vector<TaskName> names_;
  WarmUpCut cut_;
  std::vector<TaskRecord<Histogram>> totals_;
  /// The counts of what came behind the load.
  struct Drained {
    std::uint64_t answered = 0, wrong = 0, unanswered = 0;
    void add(const Drained& other);
  };
  static void tell(const Drained& drained, TaskStats& of);
  std::vector<Drained> drained_;
  std::vector<FailureCount> failures_;
  std::map<std::uint64_t, std::uint64_t> statuses_;  ///< of what was answered before the load ended
  BusyLooks looks_;                                  ///< of the counted intervals of full length
  Duration counted_{};                               ///< length of the counted intervals, for tasks_so_far
  RunSeries series_;
};

/// The statistics of one task over the time in which it was measured.
TaskStats task_stats(const RunStatistics::TaskName& name, const TaskRecord<Histogram>& record,
                     Seconds measured);

/// Adds up all tasks.
TaskRecord<Histogram> add_up(const std::vector<TaskRecord<Histogram>>& tasks);

}  // namespace troupe::sim
