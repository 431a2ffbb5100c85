#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "sweep/analysis/moderated_variance.hpp"

namespace troupe::sweep {

/// A figure of one cell by round, on a scale on which noise adds up (logarithms).
using ByRound = std::map<std::uint64_t, double>;

/// What made values of one cell differ: a moment of the machine that every cell of a round saw, and the rest.
struct RoundNoise {
  std::vector<Variance> of_cell;  ///< of one value, without what its round did; by cell, not moderated
  Variance of_round;              ///< of what a round did to all cells; 0 where it cannot be told from noise
  std::vector<double> level;      ///< of each cell, as if each had been in every round
};

/// By a two-way layout, cell + round, fitted by least squares. Cells may lack rounds. Of a single cell rounds
/// and noise cannot be told apart: all of it counts as the cell's.
RoundNoise round_noise(std::span<const ByRound> cells);

}  // namespace troupe::sweep
