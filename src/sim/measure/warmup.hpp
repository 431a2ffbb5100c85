#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/load/warmup.hpp"
#include "sim/measure/interval.hpp"
#include "sim/measure/run_series.hpp"

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

/// Whether a series still moves: the slope of its batch means (of 5, neighbours are too alike by themselves)
/// differs from none with 99 % (Student's t test of a least-squares slope), and moves the mean by more than
/// 5 % over the series. False with under 20 values.
bool drifts(std::span<const double> series);

/// Leaves ramp and warm-up out of a run: takes its intervals in order and hands on those that count. An
/// automatic warm-up is only known at the end; until then the intervals of up to 120 seconds after the ramp
/// (and of one longest request more, whose begin may lie in front of the cut) are kept back. One owner, not
/// thread-safe.
class WarmUpCut {
 public:
  /// `ramp` is left out in any case, `warm_up` after it. `longest_request`: no answer takes longer.
  WarmUpCut(WarmUp warm_up, Duration ramp, Duration longest_request);

  /// Where the measuring begins, since the start of the run. Final with a fixed warm-up; with an automatic
  /// one settle() moves it.
  Duration measured_from() const { return measured_from_; }
  /// Whether this interval counts, as far as is known.
  bool counts(const Interval& interval) const { return interval.begin >= measured_from_; }
  /// Takes an interval that counts, and hands it back unless the cut may still fall behind it.
  std::optional<Interval> take(Interval interval);

  struct Settled {
    /// False: an automatic warm-up found no steady state, or what was kept still drifts; absent: nobody
    /// looked.
    std::optional<bool> steady;
    std::vector<Interval> rest;  ///< of the intervals that were kept back, those that count
  };
  /// Decides where the cut is, from the run's first measured seconds (RunSeries::early). Call once, at the
  /// end.
  Settled settle(std::span<const RunSeries::Early> seconds);

 private:
  bool automatic_;
  Duration measured_from_;
  Duration keep_until_;
  std::vector<Interval> kept_;
};

}  // namespace troupe::sim
