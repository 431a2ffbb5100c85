#pragma once

#include "sweep/measured_cell.hpp"
#include "sweep/summary.hpp"

namespace troupe::sweep {

/// What holds this cell's rate back: CPUs first, because a full CPU makes everything else look slow; then the
/// load, if it asked for no more; then the longest wait of its requests.
Limit limit_of(const MeasuredCell& cell);

}  // namespace troupe::sweep
