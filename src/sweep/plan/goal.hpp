#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/measure/thresholds.hpp"
#include "support/result.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// What "best" means where the sweep was told: the highest rate of good answers while all conditions hold.
struct Goal {
  std::string text;  ///< as given
  std::vector<sim::Threshold> conditions;
};

/// Reads "rate while p99 < 20ms", also with several conditions: "rate while p99 < 20ms and error_rate <=
/// 0.1%". A condition is on what a repeat records: p50, p90, p99, p99.9, max, mean or error_rate, of all
/// tasks together.
Result<Goal> parse_goal(std::string_view text);

/// Whether all conditions held in this repeat.
bool meets(const Goal& goal, const Repeat& repeat);

}  // namespace troupe::sweep
