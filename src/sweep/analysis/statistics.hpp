#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/distributions.hpp"
#include "sweep/analysis/summary.hpp"

/// The statistics of few repeats. Pure functions; a seed decides what is drawn.
namespace troupe::sweep {

constexpr double confidence_level = 0.95;

/// Number, mean and variance (of one value; NaN below two) of values.
struct Moments {
  double n = 0;
  double mean = unknown;
  double variance = unknown;
};
Moments moments(std::span<const double> values);

/// Of the finite values; NaN without one.
double median(std::vector<double> values);

/// The median and an interval of it by Student's t on the logarithms: rates and times are positive and their
/// noise is a matter of ratios, and where logarithms are spread evenly median and geometric mean are one.
/// Widened where needed to contain the median.
///
/// Not a percentile bootstrap: of 3 to 5 values it can only give back those values, and contains the truth
/// far less often than it says (3 values: never more than 75 % of the time, the chance that they are not all
/// on one side of it).
///
/// With a value of 0 or less it is t on the values themselves, not below 0 if none was. Values that are not
/// finite are left out.
Estimate median_estimate(std::span<const double> values);

/// Student's t: half the width of the two-sided interval, in standard errors. NaN for df <= 0.
double t_quantile(double degrees_of_freedom, double confidence);

/// Log ratios of two configurations in the rounds that both took part in.
struct PairedRatio {
  Estimate ratio;         ///< median and interval, as ratios
  double deviation = 0;   ///< of the log ratios; NaN below two
  double half_width = 0;  ///< of the interval, as a log ratio; NaN below two
};
/// From log ratios; all NaN if there is none.
PairedRatio paired_ratio(std::span<const double> log_ratios);

/// The fewest repeats, more than `made`, at which the 95 % interval of values of this deviation is at most
/// `half_width` to either side; at most 10,000. Takes the deviation for known: it is an estimate.
std::uint64_t repeats_needed(double deviation, double half_width, std::uint64_t made);

/// How b differs from a, relative to a (b / a − 1), by Welch's t on the logarithms (on the values relative to
/// a's mean if one is not positive). `resolution`: what the instrument cannot tell apart, relative to a; it
/// widens the interval, because values rounded to the same step look as if they had no noise. All NaN if one
/// side has no value or a's are all 0; no interval with fewer than two on a side.
Estimate welch_change(std::span<const double> a, std::span<const double> b, double confidence,
                      double resolution);

/// Fills `indices` with draws from [0, indices.size()), with replacement: one bootstrap sample. The same on
/// every platform for the same generator state.
void redraw(Rng& rng, std::span<std::size_t> indices);

/// The middle 95 % of what a bootstrap gave, around the `fitted` value, which it always contains.
Estimate bootstrap_estimate(double fitted, std::vector<double> resampled);

}  // namespace troupe::sweep
