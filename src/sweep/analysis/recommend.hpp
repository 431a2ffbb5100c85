#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sweep/analysis/measured_cell.hpp"
#include "sweep/analysis/summary.hpp"

namespace troupe::sweep {

/// So much worse than the best is as good: nobody pays another connection for less.
constexpr double as_good = 0.03;
/// How often the rounds are drawn again to say how sure a recommendation is.
constexpr std::uint64_t resamplings = 1'000;

/// What to run, per workload (closed and open loads of one are told apart), with all but `bottleneck` and
/// `words` filled in.
///
/// Closed loads: a configuration is judged at the load where its median rate is highest. Open loads: by its
/// p99 at the highest arrival rate that any configuration kept up with. Configurations are compared round by
/// round: what a round's moment did to all of them drops out of the ratio.
struct Decision {
  Recommendation recommendation;
  std::uint64_t competitors = 0;       ///< configurations that were in the running
  std::uint64_t measured = 0;          ///< configurations of this workload
  std::uint64_t rounds = 0;            ///< fewest repeats of a deciding cell
  std::uint64_t most_connections = 0;  ///< that a competitor had
  double half_width = unknown;         ///< of the widest interval that the choice hangs on, relative
  std::vector<std::size_t> cells;      ///< all of this workload's
};
std::vector<Decision> decide(std::span<const MeasuredCell> cells, std::uint64_t seed);

}  // namespace troupe::sweep
