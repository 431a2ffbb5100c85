#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/result/results.hpp"
#include "sweep/analysis/summary.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

constexpr std::string_view comparison_schema_name = "troupe.comparison";
constexpr std::int64_t comparison_schema_version = 1;

/// What a figure of b is, held against the same of a.
enum class Judgement : std::uint8_t { no_difference, better, worse, not_known };

/// In the order of the enum, as texts and files have them.
inline constexpr std::array<std::string_view, 4> judgement_names{"no difference", "better", "worse",
                                                                 "not known"};

constexpr std::string_view to_string(Judgement judgement) {
  return judgement_names[static_cast<std::size_t>(judgement)];
}
/// For report/struct_json.
constexpr std::span<const std::string_view> names_of(Judgement) {
  return judgement_names;
}

/// One figure of both sides.
struct ComparisonRow {
  std::string what;    ///< the cell, or the run
  std::string metric;  ///< "rate_per_s", "p50_us" or "p99_us"
  Estimate a, b;       ///< medians with their own 95 % intervals
  Estimate change;     ///< of b relative to a: 0.1 is 10 % more. The interval holds for all rows together
  Judgement judgement = Judgement::not_known;  ///< not_known: too few values
};

/// What differs between two sweeps or two runs, and what is noise.
///
/// Intervals are of the logarithms, with a noise that the cells of a sweep tell of together (changes.hpp),
/// widened by what the instrument cannot tell apart. They hold for all rows at once with 95 % (Bonferroni:
/// each at 1 − 5 %/rows). Without that, one row in twenty of two sweeps of the same thing would come out as a
/// difference. Bonferroni and not Holm, because Holm decides but gives no intervals that belong to its
/// decisions; and it holds whatever the rows have to do with each other.
struct Comparison {
  std::string kind;  ///< "sweeps" or "runs"
  std::vector<ComparisonRow> rows;
  std::vector<ComparisonRow> common;        ///< a row per figure for all cells of two sweeps together
  std::vector<std::string> only_a, only_b;  ///< cells that only one side has
  std::vector<std::string> notes;           ///< what else differs, and what the figures cannot say
};

/// Cell by cell.
Comparison compare(const Sweep& a, const Sweep& b);

/// By batch means over the measured seconds of each run's series (about 10 batches: neighbouring seconds are
/// alike, batches hardly). p50 and p99 are means of the seconds' p50 and p99.
Comparison compare(const sim::RunResult& a, const sim::RunResult& b);

/// Worse by more than `tolerance` (a share: 0.05 is 5 %) even at the near end of its interval.
bool is_regression(const ComparisonRow& row, double tolerance);
/// In a row, or in all cells together.
bool has_regression(const Comparison& comparison, double tolerance);

/// No regression, but one could have hidden: the interval is wider than `tolerance` to either side, and
/// reaches beyond it for the worse; or there is none.
bool is_blind(const ComparisonRow& row, double tolerance);
std::uint64_t blind_rows(const Comparison& comparison, double tolerance);

}  // namespace troupe::sweep
