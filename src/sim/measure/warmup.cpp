#include "sim/measure/warmup.hpp"

#include <limits>
#include <vector>

// MSER-5, drawn (each column a batch mean of 5 seconds):
//
//      ▁ ▃ ▅ ▇ █ ▇ █ ▇ █ █ ▇ █
//      └──d──┘ └── n − d kept ─┘      d is tried from 0 to n / 2; the one wins with the least
//                                     squared standard error of the kept means.

namespace troupe::sim {
namespace {

constexpr std::size_t batch_size = 5;
constexpr std::size_t fewest_batches = 4;

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

}  // namespace troupe::sim
