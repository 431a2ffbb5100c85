#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/result/results.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// A condition under which a run has failed: `--fail-if 'p99 > 50ms'`.
struct Threshold {
  enum class Metric { percentile, max, mean, error_rate, rate, failures };
  enum class Comparison { less, less_or_equal, greater, greater_or_equal };

  std::string text;  ///< as given
  std::string task;  ///< empty: all tasks together
  Metric metric = Metric::percentile;
  double percentile = 0;  ///< of Metric::percentile, 0 to 100
  Comparison comparison = Comparison::greater;
  double limit = 0;  ///< µs of response time, a share from 0 to 1, requests per second, or a count
};

/// Reads `[TASK.]METRIC OP LIMIT`: metrics p50 … p99.9 (any percentile), max and mean (against a duration),
/// error_rate (against a percentage or a share), rate (per second), failures (a count); OP is <, <=, > or >=.
Result<Threshold> parse_threshold(std::string_view text);

/// Fails when the threshold names a task that is not among `task_names`.
Result<void> check_task(const Threshold& threshold, std::span<const std::string> task_names);

/// What was measured, and whether the condition holds (`failed`). A task that is not there counts as one that
/// did nothing; a condition on response times does not hold where no request was answered.
ThresholdOutcome evaluate(const Threshold& threshold, std::span<const TaskStats> tasks,
                          const TaskStats& total);

}  // namespace troupe::sim
