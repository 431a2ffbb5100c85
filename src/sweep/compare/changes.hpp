#pragma once

#include <string>
#include <vector>

#include "sweep/analysis/round_noise.hpp"
#include "sweep/analysis/summary.hpp"

namespace troupe::sweep {

/// Both sides' values of a row to be, by round (or by batch, where there are no rounds).
struct Pair {
  std::string what, metric;
  ByRound a, b;
  double resolution = 0;  ///< see welch_change
};

std::vector<double> values_of(const ByRound& side);

/// How b differs from a in each pair, relative to a; the intervals hold for all pairs together with 95 %
/// (Bonferroni).
///
/// Student's t on the logarithms. The noise of a pair is what it has of its own, moderated by that of the
/// other pairs of its metric (moderated_variance.hpp), and what a round did to all of them (round_noise.hpp).
/// How many degrees of freedom a pair has of its own is decided by all pairs of the metric, so that a side
/// that is noisier throughout counts for what it is. A pair with a value that has no logarithm gets Welch's
/// t, and one with fewer than two values on a side no interval.
std::vector<Estimate> changes(const std::vector<Pair>& pairs);

/// How b differs from a in all pairs of a metric together: Welch's t on what each round did to them. With
/// many cells it sees a change that is lost in the noise of each.
Estimate common_change(const std::vector<Pair>& pairs, const std::string& metric, double confidence);

}  // namespace troupe::sweep
