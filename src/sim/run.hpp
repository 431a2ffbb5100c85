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

/// Runs a plan once: makes the items that must exist, leads the swarm, shows a line a second, adds up the
/// statistics and judges the generator. Used by the thread that runs RunParts::loop.
class Run {
 public:
  Run(RunParts parts, std::shared_ptr<const Plan> plan, PassOrFail pass_or_fail);

  /// Makes the items that the scenario wants to exist, unmeasured. Blocks. Error: unavailable, with what the
  /// server said.
  Result<void> make_existing_items();
  /// Takes these for the items that exist, instead of making some.
  void use_items(std::vector<std::int64_t> ids) { existing_items_ = std::move(ids); }
  /// After `execute`: the ids that are known to exist.
  const std::vector<std::int64_t>& items() const { return existing_items_; }
  /// Runs the plan; blocks until the last answer. Of RunInfo it sets what it knows (workload, times, how it
  /// ended); what the command knows is left for the caller.
  RunResult execute();
  /// After `execute`: those of its answers that came after the load had ended.
  const LastAnswers& last_answers() const { return last_answers_; }
  /// Ends the run early; its result then holds everything measured so far. May be called from a handler on
  /// the loop.
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
