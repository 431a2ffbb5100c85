#include "sim/measure/warmup.hpp"

#include <algorithm>
#include <limits>
#include <utility>

// MSER-5, drawn (each column a batch mean of 5 seconds):
//
//      ▁ ▃ ▅ ▇ █ ▇ █ ▇ █ █ ▇ █
//      └──d──┘ └── n − d kept ─┘      d is tried from 0 to n / 2; the one wins with the least
//                                     squared standard error of the kept means.

namespace troupe::sim {
namespace {

constexpr std::size_t batch_size = 5;
constexpr std::size_t fewest_batches = 4;
// The latest cut of an automatic warm-up, in seconds after the ramp. MSER-5 cuts at most half of what it
// sees, so twice as many are shown to it.
constexpr std::size_t latest_cut_s = 120;

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
  if (means.size() < fewest_batches) return {};
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

WarmUpCut::WarmUpCut(WarmUp warm_up, Duration ramp)
    : automatic_(!warm_up.fixed),
      first_counted_(whole_seconds(ramp) + whole_seconds(warm_up.fixed.value_or(Duration{}))) {}

std::optional<Interval> WarmUpCut::take(Interval second) {
  if (!automatic_ || kept_.size() >= latest_cut_s) return second;
  kept_.push_back(std::move(second));
  return std::nullopt;
}

WarmUpCut::Settled WarmUpCut::settle(std::vector<SeriesPoint>& series) {
  if (!automatic_) return {.left_out_s = first_counted_, .steady = true, .rest = {}};
  std::vector<double> rates, means;
  for (const auto& point : series) {
    if (!point.measured || rates.size() >= 2 * latest_cut_s) continue;
    rates.push_back(point.rate_per_s);
    means.push_back(point.mean.count());
  }
  // An open workload's rate is even from the start while its response times settle, a closed one's may be the
  // other way round.
  const auto by_rate = mser5(rates);
  const auto by_mean = mser5(means);
  const auto cut = std::max(by_rate.count, by_mean.count);
  std::size_t left_out = 0;
  for (auto& point : series) {
    if (!point.measured || left_out == cut) continue;
    point.measured = false;
    ++left_out;
  }
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(std::min(cut, kept_.size())));
  return {.left_out_s = first_counted_ + cut,
          .steady = by_rate.conclusive && by_mean.conclusive,
          .rest = std::exchange(kept_, {})};
}

}  // namespace troupe::sim
