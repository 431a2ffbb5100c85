#pragma once

#include <string>

#include "support/histogram.hpp"

namespace troupe::sim {

/// A histogram for a terminal: ten steps of equal width from the fastest to the 99th percentile, and a line
/// for the rest, each with its count and a bar. Empty for none. Error where the cells make no sense: empty,
/// too.
std::string histogram_text(const SparseHistogram& histogram);

}  // namespace troupe::sim
