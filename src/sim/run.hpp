#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/runtime.hpp"
#include "sim/load/plan.hpp"
#include "sim/measure/run_statistics.hpp"
#include "sim/measure/thresholds.hpp"
#include "sim/measure/verdict.hpp"
#include "sim/measure/waterfall.hpp"
#include "sim/output/live_view.hpp"
#include "sim/result/results.hpp"
#include "sim/users/swarm.hpp"

namespace troupe::sim {

/// What a run needs beside its plan. Everything outlives the run.
struct RunParts {
  boost::asio::io_context& loop;  ///< run by the thread that calls Run's members
  actors::Runtime& runtime;
  Transport& transport;
  Waterfall* waterfall = nullptr;  ///< of our own server; null with an outside one
  LiveView& view;
};

/// When a run has failed, and whether it then ends at once.
struct PassOrFail {
  std::vector<Threshold> thresholds;
  bool abort_on_fail = false;
};

/// One run of a plan: existing items, the swarm, a line a second, the statistics, the verdict.
class Run {
 public:
  Run(RunParts parts, std::shared_ptr<const Plan> plan, PassOrFail pass_or_fail);

  /// Makes the items that the scenario wants to exist, unmeasured. Blocks.
  Result<void> make_existing_items();
  /// Instead: these exist already.
  void use_items(std::vector<std::int64_t> ids) { existing_items_ = std::move(ids); }
  /// After `execute`: the ids that are known to exist.
  const std::vector<std::int64_t>& items() const { return existing_items_; }
  /// Runs the plan; blocks until the last answer. What it returns lacks only what RunInfo tells of the
  /// command (its workload is set).
  RunResult execute();
  /// After `execute`: those of its answers that came after the load had ended.
  const LastAnswers& last_answers() const { return last_answers_; }
  /// Ends the run early, with everything measured so far. On the loop's thread.
  void interrupt();

 private:
  void on_second(Interval second);
  void on_phase_done(std::size_t phase);
  void cut_short();
  void wait_for(const bool& done);
  void sample_cpu();
  void check_thresholds();
  void add_phases(RunResult& result) const;
  std::vector<double> measured_cpu(const RunResult& result) const;
  Duration elapsed() const;

  RunParts parts_;
  std::shared_ptr<const Plan> plan_;
  PassOrFail pass_or_fail_;
  RunStatistics statistics_;
  std::vector<std::int64_t> existing_items_;
  std::unique_ptr<Swarm> swarm_;  ///< while it runs
  TimePoint start_{};
  std::vector<CpuSample> cpu_;  ///< at the start and after each second
  Histogram timer_lag_;
  LastAnswers last_answers_;
  std::vector<TimePoint> phase_ends_;
  std::optional<TimePoint> cut_short_;  ///< when it was ended early
  bool interrupted_ = false;
  bool ended_ = false;
};

}  // namespace troupe::sim
