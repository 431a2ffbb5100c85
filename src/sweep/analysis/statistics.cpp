#include "sweep/analysis/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace troupe::sweep {
namespace {

std::vector<double> finite(std::span<const double> values) {
  std::vector<double> out;
  std::copy_if(values.begin(), values.end(), std::back_inserter(out),
               [](double value) { return std::isfinite(value); });
  return out;
}

bool all_positive(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return value > 0; });
}

std::vector<double> logs(std::span<const double> values) {
  std::vector<double> out;
  for (const double value : values) out.push_back(std::log(value));
  return out;
}

double half_width(const Moments& of) {
  return of.n < 2 ? unknown : t_quantile(of.n - 1, confidence_level) * std::sqrt(of.variance / of.n);
}

/// Welch's interval of mean(b) − mean(a), with the degrees of freedom of Welch and Satterthwaite.
Estimate welch_difference(const Moments& a, const Moments& b, double confidence, double resolution) {
  const double difference = b.mean - a.mean;
  if (a.n < 2 || b.n < 2) return {difference, unknown, unknown};
  const double of_a = a.variance / a.n;
  const double of_b = b.variance / b.n;
  double half = resolution;
  if (of_a + of_b > 0) {
    const double freedom =
        (of_a + of_b) * (of_a + of_b) / (of_a * of_a / (a.n - 1) + of_b * of_b / (b.n - 1));
    half += t_quantile(freedom, confidence) * std::sqrt(of_a + of_b);
  }
  return {difference, difference - half, difference + half};
}

}  // namespace

Moments moments(std::span<const double> values) {
  Moments out;
  out.n = static_cast<double>(values.size());
  if (values.empty()) return out;
  out.mean = 0;
  for (const double value : values) out.mean += value / out.n;
  if (values.size() < 2) return out;
  out.variance = 0;
  for (const double value : values) out.variance += (value - out.mean) * (value - out.mean) / (out.n - 1);
  return out;
}

double median(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return unknown;
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double t_quantile(double degrees_of_freedom, double confidence) {
  if (!(degrees_of_freedom > 0)) return unknown;
  const boost::math::students_t distribution(degrees_of_freedom);
  return boost::math::quantile(boost::math::complement(distribution, (1 - confidence) / 2));
}

Estimate median_estimate(std::span<const double> all) {
  const auto values = finite(all);
  const double middle = median(values);
  if (values.size() < 2) return {middle, unknown, unknown};
  const bool positive = all_positive(values);
  const auto of = moments(positive ? logs(values) : values);
  const double half = half_width(of);
  double low = of.mean - half;
  double high = of.mean + half;
  if (positive) {
    low = std::exp(low);
    high = std::exp(high);
  } else if (*std::min_element(values.begin(), values.end()) >= 0) {
    low = std::max(low, 0.0);
  }
  return {middle, std::min(low, middle), std::max(high, middle)};
}

PairedRatio paired_ratio(std::span<const double> log_ratios) {
  const auto values = finite(log_ratios);
  const auto of = moments(values);
  const double middle = median(values);
  const double half = half_width(of);
  PairedRatio out{{std::exp(middle), unknown, unknown}, std::sqrt(of.variance), half};
  if (values.size() < 2) return out;
  out.ratio.low = std::exp(std::min(of.mean - half, middle));
  out.ratio.high = std::exp(std::max(of.mean + half, middle));
  return out;
}

std::uint64_t repeats_needed(double deviation, double half_width, std::uint64_t made) {
  constexpr std::uint64_t most = 10'000;
  const auto enough = [&](std::uint64_t n) {
    const auto count = static_cast<double>(n);
    return t_quantile(count - 1, confidence_level) * deviation / std::sqrt(count) <= half_width;
  };
  auto n = std::max<std::uint64_t>(made + 1, 2);
  while (n < most && !enough(n)) ++n;
  return n;
}

Estimate welch_change(std::span<const double> all_a, std::span<const double> all_b, double confidence,
                      double resolution) {
  const auto a = finite(all_a);
  const auto b = finite(all_b);
  if (a.empty() || b.empty()) return {};
  if (all_positive(a) && all_positive(b)) {
    const auto change = welch_difference(moments(logs(a)), moments(logs(b)), confidence, resolution);
    return {std::expm1(change.median), std::expm1(change.low), std::expm1(change.high)};
  }
  const auto of_a = moments(a);
  if (!(of_a.mean > 0)) return {};
  const auto change = welch_difference(of_a, moments(b), confidence, resolution * of_a.mean);
  return {change.median / of_a.mean, change.low / of_a.mean, change.high / of_a.mean};
}

void redraw(Rng& rng, std::span<std::size_t> indices) {
  for (auto& index : indices) index = rng.below(indices.size());
}

Estimate bootstrap_estimate(double fitted, std::vector<double> resampled) {
  std::erase_if(resampled, [](double value) { return !std::isfinite(value); });
  if (resampled.size() < 2) return {fitted, unknown, unknown};
  std::sort(resampled.begin(), resampled.end());
  const double tail = (1 - confidence_level) / 2;
  const auto last = static_cast<double>(resampled.size() - 1);
  const double low = resampled[static_cast<std::size_t>(std::floor(tail * last))];
  const double high = resampled[static_cast<std::size_t>(std::ceil((1 - tail) * last))];
  return {fitted, std::min(low, fitted), std::max(high, fitted)};
}

}  // namespace troupe::sweep
