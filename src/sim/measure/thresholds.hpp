#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/result/results.hpp"
#include "support/result.hpp"
#include "support/time.hpp"

namespace troupe::sim {

/// A condition under which a run has failed: `--fail-if 'p99 > 50ms'`.
struct Threshold {
  enum class Metric {
    percentile,
    max,
    mean,
    error_rate,
    checks,
    rate,
    good_rate,
    failures,
    dropped,
    late,
    timed_out,
    unfinished
  };
  /// Of which answers a latency is.
  enum class Answers { good, failed, all };
  enum class Comparison { less, less_or_equal, greater, greater_or_equal };

  std::string text;  ///< as given
  std::string task;  ///< empty: all tasks together
  Metric metric = Metric::percentile;
  Answers answers = Answers::good;
  double percentile = 0;  ///< of Metric::percentile, 0 to 100
  Comparison comparison = Comparison::greater;
  Duration after{};  ///< judged by what was measured from here on, since the start of the run; 0: by all
  double limit = 0;  ///< µs of response time, a share from 0 to 1, requests per second, or a count
};

/// Reads `[after TIME: ][TASK.]METRIC OP LIMIT`: metrics p50 … p99.9 (any percentile), max and mean of good
/// answers' response times (against a duration; in front of them `failed.` or `all.` says of which answers
/// else), error_rate and checks (the share of answers that were as the scenario demands; against a percentage
/// or a share), rate and good_rate (per second), failures, dropped, late, timed_out and unfinished (a count);
/// OP is <, <=, > or >=.
Result<Threshold> parse_threshold(std::string_view text);

/// Fails when the threshold names a task that is not among `task_names`.
Result<void> check_task(const Threshold& threshold, std::span<const std::string> task_names);

/// Whether this value, in the units of Threshold::limit, is what the condition speaks of; never for NaN.
bool holds(const Threshold& threshold, double value);

/// What was measured, and whether the condition holds (`failed`). Where there is nothing to judge by, it is
/// not `measured`: a response time without an answer, anything else of a task that sent nothing.
ThresholdOutcome evaluate(const Threshold& threshold, std::span<const TaskStats> tasks,
                          const TaskStats& total);

}  // namespace troupe::sim
