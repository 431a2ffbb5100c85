#include "sim/measure/warmup.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

// MSER-5, drawn (each column a batch mean of 5 seconds):
//
//      ▁ ▃ ▅ ▇ █ ▇ █ ▇ █ █ ▇ █
//      └──d──┘ └── n − d kept ─┘      d is tried from 0 to n / 2; the one wins with the least
//                                     squared standard error of the kept means.

namespace troupe::sim {
namespace {

constexpr std::size_t batch_size = 5;
constexpr std::size_t fewest_means = 4;
constexpr double tolerated_drift = 0.05;
constexpr double drift_by_chance = 0.01;

std::vector<double> batch_means(std::span<const double> series) {
  std::vector<double> means(series.size() / batch_size);
  for (std::size_t i = 0; i < means.size() * batch_size; ++i) means[i / batch_size] += series[i] / batch_size;
  return means;
}

/// The marginal standard error rule's statistic of one truncation.
double mser(std::span<const double> kept) {
  const auto n = static_cast<double>(kept.size());
  double mean = 0;
  for (const double y : kept) mean += y / n;
  double squares = 0;
  for (const double y : kept) squares += (y - mean) * (y - mean);
  // Of a constant series only rounding errors are left, and the least of them would be an arbitrary place to
  // cut.
  const double rounding = 1e-9 * mean;
  return squares <= n * rounding * rounding ? 0 : squares / (n * n);
}

}  // namespace

Truncation mser5(std::span<const double> series) {
  const auto means = batch_means(series);
  if (means.size() < fewest_means) return {};
  const auto half = means.size() / 2;
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t d = 0; d <= half; ++d) {
    const double statistic = mser(std::span(means).subspan(d));
    if (statistic < least) {
      least = statistic;
      best = d;
    }
  }
  return {best * batch_size, best < half};
}

bool drifts(std::span<const double> series) {
  const auto means = batch_means(series);
  const auto n = static_cast<double>(means.size());
  if (means.size() < fewest_means) return false;
  const double mean = std::accumulate(means.begin(), means.end(), 0.0) / n;
  double together = 0, squares = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double x = static_cast<double>(i) - (n - 1) / 2;
    together += x * (means[i] - mean);
    squares += x * x;
  }
  const double slope = together / squares;
  if (std::abs(slope) * (n - 1) <= tolerated_drift * std::abs(mean)) return false;
  double rest = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double off = means[i] - mean - slope * (static_cast<double>(i) - (n - 1) / 2);
    rest += off * off;
  }
  const double error = std::sqrt(rest / (n - 2) / squares);
  const boost::math::students_t distribution(n - 2);
  return error == 0 || 2 * cdf(complement(distribution, std::abs(slope) / error)) < drift_by_chance;
}

WarmUpCut::WarmUpCut(WarmUp warm_up, Duration ramp, Duration longest_request)
    : automatic_(!warm_up.fixed),
      measured_from_(ramp + warm_up.fixed.value_or(Duration{})),
      keep_until_(std::chrono::ceil<std::chrono::seconds>(ramp) + latest_cut + longest_request) {}

std::optional<Interval> WarmUpCut::take(Interval interval) {
  if (!automatic_ || interval.begin >= keep_until_) return interval;
  kept_.push_back(std::move(interval));
  return std::nullopt;
}

WarmUpCut::Settled WarmUpCut::settle(std::span<const RunSeries::Early> seconds) {
  if (!automatic_) return {};
  std::vector<double> rates, means;
  for (const auto& second : seconds) {
    rates.push_back(second.rate_per_s);
    means.push_back(second.mean_us);
  }
  // An open workload's rate is even from the start while its response times settle, a closed one's may be the
  // other way round.
  const auto by_rate = mser5(rates);
  const auto by_mean = mser5(means);
  const auto cut = std::max(by_rate.count, by_mean.count);
  if (cut > 0) measured_from_ = std::chrono::seconds(seconds.front().second + cut);
  std::erase_if(kept_, [&](const Interval& interval) { return !counts(interval); });
  const bool settled = by_rate.conclusive && by_mean.conclusive && !drifts(std::span(rates).subspan(cut)) &&
                       !drifts(std::span(means).subspan(cut));
  return {.steady = settled, .rest = std::exchange(kept_, {})};
}

}  // namespace troupe::sim
