#pragma once

#include <memory>
#include <vector>

#include "sim/load/plan.hpp"

namespace troupe::sim {

/// Plans that try a scenario out: for each class of its users one user, who does every task once, in the
/// order of the file. The tasks are the plan's own, at the same places.
std::vector<std::shared_ptr<const Plan>> check_plans(const Plan& plan);

}  // namespace troupe::sim
