#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/load/warmup.hpp"
#include "sim/measure/recorder.hpp"
#include "sim/result/results.hpp"

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

/// Leaves ramp and warm-up out of a run: takes its seconds in order and hands on those that count. An
/// automatic warm-up is only known at the end; until then up to 120 seconds after the ramp are kept back, in
/// sparse form. One owner, not thread-safe.
class WarmUpCut {
 public:
  /// `ramp` is left out in any case, `warm_up` after it; both are rounded up to whole seconds.
  WarmUpCut(WarmUp warm_up, Duration ramp);

  /// Whether this second counts. Final with a fixed warm-up; with an automatic one settle() may take it back.
  bool counts(std::uint64_t second) const { return second >= first_counted_; }
  /// Takes a second that counts, and hands it back unless the cut may still fall behind it.
  std::optional<Interval> take(Interval second);
  /// How many seconds are kept back.
  std::size_t kept() const { return kept_.size(); }

  struct Settled {
    std::uint64_t left_out_s = 0;  ///< ramp and warm-up
    bool steady = true;            ///< false: an automatic warm-up found no steady state
    std::vector<Interval> rest;    ///< of the seconds that were kept back, those that count
  };
  /// Decides where the cut is, from the rates and mean response times of `series`, the whole run's, and marks
  /// its points before the cut as not measured. Call once, at the end.
  Settled settle(std::vector<SeriesPoint>& series);

 private:
  bool automatic_;
  std::uint64_t first_counted_;
  std::vector<Interval> kept_;
};

}  // namespace troupe::sim
