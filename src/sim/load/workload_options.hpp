#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/load/plan.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// The flags that say how much load a run makes, as texts; absent: not given.
struct WorkloadOptions {
  std::optional<std::string> users, spawn_rate, duration, arrival_rate, arrivals, spike, warm_up;
  std::optional<std::string> items, concurrency;  ///< of a scenario with a cycle
  std::optional<std::string> seed, timeout;
  std::vector<std::string> stages;
};

/// What the flags mean for a scenario. Every Error is one line that names the flag at fault, or the two that
/// contradict each other. Takes a seed from the system when none is given; else pure.
Result<std::shared_ptr<const Plan>> make_plan(Scenario scenario, const WorkloadOptions& options);

}  // namespace troupe::sim
