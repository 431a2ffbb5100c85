#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/runtime/runtime.hpp"
#include "sim/load/plan.hpp"
#include "sim/measure/run_statistics.hpp"
#include "sim/measure/thresholds.hpp"
#include "sim/measure/verdict.hpp"
#include "sim/measure/waterfall.hpp"
#include "sim/output/live_view.hpp"
#include "sim/result/results.hpp"
#include "sim/unmeasured_swarm.hpp"
#include "sim/users/swarm.hpp"

namespace troupe::sim {

/// What a run needs beside its plan. Everything outlives the run.
struct RunParts {
  boost::asio::io_context& loop;              ///< run by the thread that calls Run's members
  actors::Runtime& runtime;                   ///< the users'
  actors::Runtime* server_runtime = nullptr;  ///< our own server's, maybe the same; null with an outside one
  Transport& transport;
  std::shared_ptr<const Material> material;  ///< of the plan's scenario
  Waterfall* waterfall = nullptr;            ///< of our own server, or of an outside one; may be null
  LiveView& view;
  /// Called on the loop's thread when the measuring begins (unless that is only known at the end: an
  /// automatic warm-up) and when the load ends.
  std::function<void()> on_measuring = [] {};
  std::function<void()> on_load_end = [] {};
  /// Called on the loop's thread with each interval, in order.
  std::function<void(const Interval&)> on_interval = [](const Interval&) {};
  /// The same with each whole second, behind the intervals that make it up.
  std::function<void(const SeriesPoint&)> on_second = [](const SeriesPoint&) {};
  /// That every user begins with, as Scenario::variables, unless the run itself sets up; none: they have
  /// none.
  std::vector<std::string> variables{};
};

/// What results tell of a run that begins now: the load that it asks for, and the hour.
RunInfo info_of_beginning(const Plan& plan);
/// The names of a scenario's tasks, as results have them.
std::vector<RunStatistics::TaskName> task_names(const Scenario& scenario);

/// Why a run that ended by itself before its time has measured nothing, in one line; absent: it measured
/// something, or went on to its end.
std::optional<std::string> why_nothing_measured(const RunResult& result, const Plan& plan);

/// When a run has failed, and what ends it before its time.
struct PassOrFail {
  std::vector<Threshold> thresholds;
  bool abort_on_fail = false;
};

/// Runs a plan once: sets up, makes the items that must exist, leads the swarm, shows a line a second, adds
/// up the statistics and judges the generator. Used by the thread that runs RunParts::loop.
class Run {
 public:
  Run(RunParts parts, std::shared_ptr<const Plan> plan, PassOrFail pass_or_fail);

  /// Does the steps of the scenario's setup, unmeasured; what they take out of answers all users have.
  /// Blocks. Error: unavailable, with the step and what became of it.
  Result<void> set_up();
  /// Does the steps of its teardown, unmeasured, also if the load was interrupted; nothing, unless it was set
  /// up, or if it has done so before. An interruption does not end it. Blocks. Error: unavailable, with the
  /// first step that failed; those behind it were done all the same.
  Result<void> tear_down();
  /// Makes the items that the scenario wants to exist, unmeasured. Blocks. Error: unavailable, with what the
  /// server said.
  Result<void> make_existing_items();
  /// Takes it that the items with the ids 1 to items_to_make() exist, instead of making some.
  void use_existing_items();
  /// Runs the plan; blocks until the last answer. Of RunInfo it sets what it knows (workload, times, how it
  /// ended); what the command knows is left for the caller.
  RunResult execute();
  /// After `execute`: the requests under way while it was measured.
  BusyFigures busy() const { return statistics_.busy(); }
  /// After `execute` of a plan for one user: his variables; none unless he has done all that he was to do.
  const std::vector<std::string>& variables_left() const { return variables_left_; }
  /// Ends the run early, with everything measured so far. On the loop's thread.
  void interrupt();

 private:
  void on_interval(Interval interval);
  void tell_edges(const Interval& interval);
  void on_phase_done(std::size_t phase);
  void cut_short();
  void cut_load();
  void sample_cpu();
  void forget_last_cpu_sample();
  void check_thresholds();
  void judge(RunResult& result);
  RunStatistics& statistics_of(const Threshold& threshold);
  void add_phases(RunResult& result) const;
  void add_samples(RunResult& result) const;
  GeneratorFacts facts(const RunResult& result) const;
  double users_share() const;
  std::pair<CpuSample, CpuSample> measured_cpu(const RunResult& result) const;
  Duration elapsed() const;

  RunParts parts_;
  std::shared_ptr<const Plan> plan_;
  PassOrFail pass_or_fail_;
  UnmeasuredSwarm unmeasured_;
  RunStatistics statistics_;
  std::map<Duration, RunStatistics> later_;  ///< by Threshold::after: of what was measured from there on
  std::vector<RowKey> existing_items_;
  std::unique_ptr<Swarm> swarm_;  ///< while it runs
  TimePoint start_{};
  std::vector<CpuSample> cpu_;  ///< at the start and after each second, see forget_last_cpu_sample
  Histogram timer_lag_;
  Duration users_time_{};  ///< that users' own turns took
  FailureSamples samples_;
  std::vector<TimePoint> phase_ends_;
  std::optional<TimePoint> cut_short_;  ///< when it was ended early
  std::vector<std::string> variables_left_;
  bool is_set_up_ = false;
  bool tears_down_ = false;
  bool interrupted_ = false;
  bool ended_ = false;
};

}  // namespace troupe::sim
