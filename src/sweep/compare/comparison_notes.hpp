#pragma once

#include <string>
#include <vector>

#include "sim/result/results.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// What two sweeps or two runs do not have in common: machine, versions, settings, durations, workload. One
/// line each.
std::vector<std::string> differences(const SweepInfo& a, const SweepInfo& b);
std::vector<std::string> differences(const sim::RunInfo& a, const sim::RunInfo& b);

}  // namespace troupe::sweep
