#pragma once

#include <cstddef>
#include <memory>

#include "sim/load/plan.hpp"

// Plans of what is no load: their requests are in no figure of a run.

namespace troupe::sim {

/// A cycle that creates so many items, as `plan` wants them to exist before its load.
std::shared_ptr<const Plan> items_plan(const Plan& plan, std::size_t items);

/// One user who does what `scenario` limits him to, as fast as the answers come: the steps of the plan's
/// setup or teardown, or a pass over its tasks.
std::shared_ptr<const Plan> one_user_plan(const Plan& plan, std::shared_ptr<const Scenario> scenario);

/// The same for the plan's setup or teardown, with random numbers that no user of the load draws.
std::shared_ptr<const Plan> steps_plan(const Plan& plan, std::shared_ptr<const Scenario> steps);

}  // namespace troupe::sim
