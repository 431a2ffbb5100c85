#pragma once

#include <span>

#include "sweep/analysis/usl.hpp"

namespace troupe::sweep {

/// Least squares of ln X − ln X(N) with σ, κ >= 0, from a start near by: the noise of rates is a matter of
/// ratios, and on logs half as fast counts as much as twice as fast. Gauss and Newton's method; parameters
/// that would leave their bounds stay on them (D. P. Bertsekas, "Projected Newton methods for optimization
/// problems with simple constraints", SIAM Journal on Control and Optimization 20, 1982). The start itself
/// where nothing is better. `points` are positive.
UslParameters improve_on_logs(std::span<const LoadPoint> points, const UslParameters& start);

/// How far the repeats' mean logs lie from a fit, beside how far the repeats of one load lie from each other.
struct LackOfFit {
  double misfit = unknown;  ///< root mean square of the loads' distances: 0.05 is typically 5 % off
  double p = unknown;       ///< of the F test; NaN without repeats
};

/// The F test for lack of fit against pure error (N. R. Draper, H. Smith, "Applied Regression Analysis", 3rd
/// edition, Wiley 1998, ch. 2), on logs: a small p means that the distances of the loads from the law are
/// more than the noise of the repeats explains.
LackOfFit lack_of_fit(std::span<const UslLoad> loads, const UslParameters& fit);

}  // namespace troupe::sweep
