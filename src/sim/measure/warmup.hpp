#pragma once

#include <cstddef>
#include <span>

namespace troupe::sim {

/// Where a series settles.
struct Truncation {
  std::size_t count = 0;    ///< observations to leave out at the beginning, a multiple of 5
  bool conclusive = false;  ///< false: the series is too short (under 20), or had not settled by its half
};

/// MSER-5 (White, "An effective truncation heuristic for bias reduction in simulation output", Simulation
/// 69(6), 1997; in batches of 5: White, Cobb, Spratt 2000): leaves out the d first batch means that minimise
/// the squared standard error of the rest, Σ (Yᵢ − Ȳ)² / (n − d)². Only the first half is searched, because
/// the statistic is unstable near the end; a minimum at that bound means that no steady state was seen.
/// Observations beyond a multiple of 5 are ignored.
Truncation mser5(std::span<const double> series);

}  // namespace troupe::sim
