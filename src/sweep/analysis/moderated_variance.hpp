#pragma once

#include <span>
#include <vector>

#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// What few values say of their noise.
struct Variance {
  double value = unknown;
  double freedom = 0;  ///< degrees of freedom behind `value`
};

/// Each variance drawn towards what all of them have in common, as far as they have it: with four repeats a
/// cell knows little of its own noise, and sixty cells together know a lot. The true variances are taken for
/// draws of a scaled inverse χ² whose scale s0² and degrees of freedom d0 the moments of the logarithms give:
/// G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential expression in
/// microarray experiments", Statistical Applications in Genetics and Molecular Biology 3 (2004), article 3,
/// section 6.2. A variance s² with d degrees of freedom becomes (d0 s0² + d s²) / (d0 + d) with d0 + d, never
/// more of them than all variances have together. Where the variances differ so much that d0 < d, a large one
/// is not made smaller: they may be of two kinds, and not of the one shape that the method takes for given.
/// Fewer than eight positive ones stay as they are: they say too little of what they have in common; a zero
/// tells of rounding and not of noise, so it takes part in nothing and stays.
std::vector<Variance> moderated(std::span<const Variance> variances);

/// A sum of independent variances, each times its weight, with the degrees of freedom of Welch and
/// Satterthwaite.
struct WeightedVariance {
  double weight = 1;
  Variance variance;
};
Variance sum_of(std::span<const WeightedVariance> parts);

}  // namespace troupe::sweep
