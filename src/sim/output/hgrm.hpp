#pragma once

#include <string>

#include "support/histogram.hpp"

namespace troupe::sim {

/// The percentile distribution in the text form that HdrHistogram's `outputPercentileDistribution` writes and
/// its plotter reads (`.hgrm`): values in milliseconds, 5 lines per halving of the distance to 100 %.
std::string write_hgrm(const Histogram& histogram);

}  // namespace troupe::sim
