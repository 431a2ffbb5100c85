#include "sweep/analysis/moderated_variance.hpp"

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>

namespace troupe::sweep {
namespace {

constexpr std::size_t fewest_variances = 8;

bool tells_noise(const Variance& variance) {
  return variance.value > 0 && variance.freedom > 0 && std::isfinite(variance.value);
}

/// Where the trigamma function is `value` (> 0). It falls steadily: halving the interval of the logarithm.
double inverse_trigamma(double value) {
  double low = 1e-6;
  double high = 1e8;
  for (int i = 0; i < 60; ++i) {
    const double middle = std::sqrt(low * high);
    (boost::math::trigamma(middle) > value ? low : high) = middle;
  }
  return std::sqrt(low * high);
}

/// What the variances have in common.
struct Prior {
  double scale = 0;
  double freedom = 0;
};

Prior prior_of(std::span<const Variance> variances, double most_freedom) {
  const auto n = static_cast<double>(variances.size());
  std::vector<double> centred;  // the paper's e_g
  double by_chance = 0;         // what the logarithms differ by where all true variances are one
  for (const auto& [value, freedom] : variances) {
    centred.push_back(std::log(value) - boost::math::digamma(freedom / 2) + std::log(freedom / 2));
    by_chance += boost::math::trigamma(freedom / 2) / n;
  }
  double mean = 0;
  for (const double e : centred) mean += e / n;
  double spread = 0;
  for (const double e : centred) spread += (e - mean) * (e - mean) / (n - 1);
  if (spread <= by_chance) return {std::exp(mean), most_freedom};
  const double half = inverse_trigamma(spread - by_chance);
  return {std::exp(mean + boost::math::digamma(half) - std::log(half)), std::min(2 * half, most_freedom)};
}

}  // namespace

std::vector<Variance> moderated(std::span<const Variance> variances) {
  std::vector<Variance> out(variances.begin(), variances.end());
  std::vector<Variance> telling;
  std::copy_if(out.begin(), out.end(), std::back_inserter(telling), tells_noise);
  if (telling.size() < fewest_variances) return out;
  double all_freedom = 0;
  for (const auto& variance : telling) all_freedom += variance.freedom;
  const auto prior = prior_of(telling, all_freedom);
  for (auto& [value, freedom] : out) {
    if (!tells_noise({value, freedom})) continue;
    const double drawn = (prior.freedom * prior.scale + freedom * value) / (prior.freedom + freedom);
    value = prior.freedom < freedom ? std::max(value, drawn) : drawn;
    freedom = std::min(prior.freedom + freedom, all_freedom);
  }
  return out;
}

Variance sum_of(std::span<const WeightedVariance> parts) {
  Variance out{0, 0};
  double squares = 0;
  for (const auto& [weight, variance] : parts) {
    const double part = weight * variance.value;
    if (part == 0) continue;
    out.value += part;
    squares += part * part / variance.freedom;
  }
  out.freedom = squares > 0 ? out.value * out.value / squares : 0;
  return out;
}

}  // namespace troupe::sweep
