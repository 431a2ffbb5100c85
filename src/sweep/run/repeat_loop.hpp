#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "sweep/plan/schedule.hpp"
#include "sweep/records/record_file.hpp"
#include "sweep/run/repeat_runner.hpp"

namespace troupe::sweep {

/// Where a sweep stands, told after each repeat.
struct Progress {
  const Repeat* last = nullptr;
  std::size_t done = 0;
  std::optional<std::size_t> total;           ///< unknown with a budget
  std::chrono::duration<double> time_left{};  ///< an estimate; with a budget what is left of it
};

/// What the loop over repeats works with. Everything outlives it. `run` is called by the runner's thread.
struct RepeatLoopParts {
  const Spec& spec;
  const Grid& grid;
  CellMaker& maker;
  RepeatRunner& runner;
  /// Brings the database to the same state before each repeat; empty where there is none of ours.
  std::function<Result<void>(const PlannedCell&)> prepare;
  std::function<Result<void>(const Repeat&)> record;
  std::function<void(const Progress&)> show;
};

/// Runs the repeats of a sweep one after the other, and records each as it ends.
class RepeatLoop {
 public:
  /// `sweep`: what was recorded before, to which the loop adds.
  RepeatLoop(RepeatLoopParts parts, Sweep& sweep);

  /// Blocks until all is done, the budget is spent or `interrupt` was called. An Error ends the sweep early;
  /// what was recorded stays.
  Result<void> run();
  /// On the runner's thread. The repeat under way is dropped.
  void interrupt();
  bool interrupted() const { return interrupted_; }

 private:
  std::chrono::duration<double> time_of_a_repeat() const;
  std::chrono::duration<double> time_left() const;
  Result<bool> run_one(const Job& job);

  RepeatLoopParts parts_;
  Sweep& sweep_;
  Schedule schedule_;
  TimePoint start_{};
  std::chrono::duration<double> spent_before_;  ///< with a budget: before this process
  std::size_t run_here_ = 0;
  bool interrupted_ = false;
};

/// What a repeat is expected to take before any was run: its load, and setting up and taking down the server.
std::chrono::duration<double> expected_repeat_time(const Spec& spec);

}  // namespace troupe::sweep
