#pragma once

#include "sweep/analysis/measured_cell.hpp"
#include "sweep/analysis/summary.hpp"

namespace troupe::sweep {

/// What holds this cell's rate back: CPUs first, because a full CPU makes everything else look slow; then the
/// load, if it asked for no more; then the longest wait of its requests.
Bottleneck bottleneck_of(const MeasuredCell& cell);

}  // namespace troupe::sweep
