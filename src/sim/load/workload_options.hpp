#pragma once

#include <optional>
#include <string>
#include <vector>

namespace troupe::sim {

/// The flags that say how much load a run makes, as texts; absent: not given. make_plan() reads them.
struct WorkloadOptions {
  std::optional<std::string> users, spawn_rate, duration, arrival_rate, arrivals, spike, warm_up;
  std::optional<std::string> items, concurrency;  ///< of a scenario with a cycle
  std::optional<std::string> seed, timeout, max_backlog, stop_after;
  std::vector<std::string> stages;
};

}  // namespace troupe::sim
