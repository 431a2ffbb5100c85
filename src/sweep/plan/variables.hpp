#pragma once

#include "sweep/plan/constraint.hpp"
#include "sweep/plan/grid.hpp"

namespace troupe::sweep {

/// What constraints can name of a cell: of our own server every setting by its short name, of an outside
/// service its axes; of both the load.
Variables variables_of(const PlannedCell& planned, const Spec& spec);

}  // namespace troupe::sweep
