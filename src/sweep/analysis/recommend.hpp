#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sweep/analysis/contest.hpp"
#include "sweep/analysis/measured_cell.hpp"
#include "sweep/analysis/summary.hpp"
#include "sweep/plan/goal.hpp"

namespace troupe::sweep {

/// What to run, per workload (closed and open loads of one are told apart), with all but `bottleneck` and
/// `words` filled in.
///
/// Closed loads: a configuration is judged at the load where its median rate is highest. Open loads: by its
/// p99 at the highest arrival rate that any configuration kept up with. With a goal both are judged by the
/// rate, at the loads where its conditions held in every round that was measured.
struct Decision {
  Recommendation recommendation;
  bool by_p99 = false;                 ///< else by the rate
  bool goal_missed = false;            ///< cells worked, but in none the goal's conditions held
  std::uint64_t competitors = 0;       ///< configurations that were in the running
  std::uint64_t measured = 0;          ///< configurations of this workload
  std::uint64_t rounds = 0;            ///< fewest repeats of a deciding cell
  std::uint64_t most_connections = 0;  ///< that a competitor had
  std::vector<std::size_t> cells;      ///< all of this workload's
  std::vector<std::string> cost_axes;  ///< an outside service's: what is cheap, the most important one first
};
std::vector<Decision> decide(std::span<const MeasuredCell> cells, const std::optional<Goal>& goal,
                             const SweepInfo& info);

/// What an outside service's configuration costs, as far as its axes tell: numbers as they are, texts by
/// their place in the list given. Smaller is cheaper, the first axis given decides first.
std::vector<double> sizes_of(const Configuration& configuration, const SweepInfo& info);

}  // namespace troupe::sweep
