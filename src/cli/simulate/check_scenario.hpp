#pragma once

#include <functional>
#include <ostream>
#include <vector>

#include "sim/run.hpp"
#include "sim/transport/http_target.hpp"

namespace troupe::cli {

/// What `simulate --check` tries out, and on what. All outlive the check.
struct ScenarioCheck {
  const sim::RunParts& parts;
  const sim::Plan& plan;
  const std::vector<sim::HttpTarget>& shown_targets;  ///< whose hosts and prefixes requests show
  bool has_every_item = false;                        ///< the server needs none made: it is a stand-in's
  std::ostream& out;
  std::function<void(sim::Run*)> under_way;  ///< told of each pass, to end it early; null: it is over
  std::function<bool()> give_up;
};

/// Lets one user of each class do each task once, and prints every request and answer, and the faults.
/// Returns the exit code: exit_threshold when there was a fault, or no request.
int check_scenario(const ScenarioCheck& check);

}  // namespace troupe::cli
