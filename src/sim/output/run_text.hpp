#pragma once

#include <string>

#include "sim/result/results.hpp"

namespace troupe::sim {

/// What a run prints at its end, for a terminal of 120 columns and for logs alike (UTF-8, no colours):
/// requests and response times per task and in total, phases of a cycle, failures, verdict, Little's law,
/// waterfall, thresholds. What a run did not have is left out.
std::string text_summary(const RunResult& result);

}  // namespace troupe::sim
