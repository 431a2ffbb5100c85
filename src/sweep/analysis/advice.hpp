#pragma once

#include <span>
#include <string>
#include <vector>

#include "sweep/analysis/measured_cell.hpp"
#include "sweep/analysis/recommend.hpp"
#include "sweep/analysis/summary.hpp"

namespace troupe::sweep {

/// The decision as sentences, the recommendation first; its bottleneck must be filled in. `curves`: where the
/// recommended configuration's knee stands.
std::vector<std::string> advice(const Decision& decision, std::span<const MeasuredCell> cells,
                                std::span<const Curve> curves);

}  // namespace troupe::sweep
