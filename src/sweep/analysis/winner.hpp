#pragma once

#include <cstdint>
#include <span>

#include "sweep/analysis/contest.hpp"
#include "sweep/analysis/summary.hpp"

namespace troupe::sweep {

/// The score that the recommended entrant is to be expected to reach again, with a 95 % interval; NaN below
/// two rounds.
///
/// Who is best of many was also lucky: its own figures are too good by as much. So half of the rounds choose
/// and the other half report what the chosen one did there, which its luck in the first half does not touch;
/// all halves in turn (64 drawn ones beyond eight rounds), and their mean is the estimate. It never varies
/// more than the mean of one entrant that was named in advance, because halves that choose differently report
/// different values: that entrant's interval is told. The noise is moderated over all entrants, and what
/// rounds did to all of them counts in full.
Estimate expected_score(std::span<const Entrant> entrants, std::uint64_t seed);

/// How far the chosen entrant may lie behind the best of all, as log ratios.
struct Regret {
  double most = unknown;             ///< with 95 %, all others taken together; NaN: too few rounds
  double half_width = unknown;       ///< of the widest ratio that `most` hangs on
  bool alike = false;                ///< no difference shows between those that may be the best
  std::uint64_t contenders = 0;      ///< configurations that may be the best, the chosen one included
  std::uint64_t repeats_needed = 0;  ///< this many would bring the half-width down to `as_good`
};

/// By multiple comparisons with the best (J. C. Hsu, "Constrained simultaneous confidence intervals for
/// multiple comparisons with the best", Annals of Statistics 12, 1984): the bound holds whichever is chosen,
/// and however. One-sided t, Bonferroni over all others, on the rounds that two took part in; who was in no
/// round with the chosen one is not compared with it. Whether the contenders are alike is told by an F test
/// at 5 %.
Regret regret_of(std::span<const Entrant> entrants, std::size_t chosen);

}  // namespace troupe::sweep
