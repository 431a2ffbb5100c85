#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sweep/analysis/measured_cell.hpp"
#include "sweep/analysis/summary.hpp"

namespace troupe::sweep {

/// Every configuration of every workload over its loads, with the law fitted to it and its knee: shown where
/// the fit and Kneedle agree within a factor of 2 (the geometric mean of both), and where the law does not
/// describe the server, by Kneedle alone. Cells with too many errors are left out of both.
std::vector<Curve> curves(std::span<const MeasuredCell> cells, std::uint64_t seed);

}  // namespace troupe::sweep
