#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/load/warmup.hpp"
#include "sim/measure/interval.hpp"
#include "sim/measure/warmup.hpp"
#include "sim/result/results.hpp"

namespace troupe::sim {

/// What was seen of the requests under way while the run was measured.
struct BusyFigures {
  double mean = 0;
  double standard_error = 0;  ///< of the mean, by batch means; 0: too few looks
  double growth_per_s = 0;    ///< of them and of the backlog: slope of a straight line through the looks
};

/// Adds up the intervals of a run that count (see interval.hpp and WarmUpCut) and makes the statistics of
/// them. One owner, not thread-safe. Memory: 564 KB a task, twice that with failures, and what the cut of an
/// automatic warm-up keeps back.
class RunStatistics {
 public:
  struct TaskName {
    std::string name, method;
    double wanted_share = 0;
  };

  /// `ramp` and `warm_up` are left out, see WarmUpCut. `longest_request`: the timeout.
  RunStatistics(std::vector<TaskName> tasks, WarmUp warm_up, Duration ramp = {},
                Duration longest_request = std::chrono::seconds(10));

  /// One interval, already merged over the workers, in order. True when it completed a second, which is then
  /// the last point of `series()`.
  bool add(Interval interval);
  /// The seconds so far, for the live line (whose `measured` is provisional with an automatic warm-up).
  const std::vector<SeriesPoint>& series() const { return series_; }

  /// The statistics up to now, the total last, for --abort-on-fail: without requests until the warm-up is
  /// over, and with an automatic one without the seconds that are kept back.
  std::vector<TaskStats> tasks_so_far() const;

  /// Fills run.elapsed, measured, warm_up and steady, tasks, total, series and failures. `elapsed` is the
  /// time until the end of the load. Call once, at the end.
  void finish(Duration elapsed, RunResult& result);
  /// After `finish`.
  BusyFigures busy() const;

 private:
  void fold(const Interval& interval);
  void add_to_second(const Interval& interval);
  void close_second();

  std::vector<TaskName> names_;
  WarmUpCut cut_;
  std::vector<TaskRecord<Histogram>> totals_;
  std::vector<TaskRecord<Histogram>> drained_;  ///< only its counts
  std::vector<FailureCount> failures_;
  std::vector<double> busy_means_;     ///< one per counted interval of full length
  std::vector<double> pending_means_;  ///< the same with the backlog
  Duration counted_{};                 ///< length of the counted intervals, for tasks_so_far

  // The second under way.
  SeriesPoint point_;
  Duration point_length_{};
  Histogram good_response_;
  std::vector<SeriesPoint> series_;
  Histogram so_far_;  ///< response times of all answers of the whole run
};

/// The statistics of one task over the time in which it was measured. `drained`: what came after it.
TaskStats task_stats(const RunStatistics::TaskName& name, const TaskRecord<Histogram>& record,
                     Seconds measured, std::uint64_t drained = 0);

/// Adds up all tasks.
TaskRecord<Histogram> add_up(const std::vector<TaskRecord<Histogram>>& tasks);

}  // namespace troupe::sim
