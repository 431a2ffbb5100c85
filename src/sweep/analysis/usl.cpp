#include "sweep/analysis/usl.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "support/distributions.hpp"
#include "sweep/analysis/statistics.hpp"
#include "sweep/analysis/usl_on_logs.hpp"

namespace troupe::sweep {
namespace {

constexpr std::size_t bootstrap_fits = 500;

/// Which of the law's terms besides 1/λ a sub-model keeps.
struct Terms {
  bool sigma, kappa;
};
constexpr std::array<Terms, 4> sub_models{{{true, true}, {true, false}, {false, true}, {false, false}}};

std::vector<LoadPoint> usable(std::span<const LoadPoint> points) {
  std::vector<LoadPoint> out;
  std::copy_if(points.begin(), points.end(), std::back_inserter(out), [](const LoadPoint& point) {
    return point.in_flight > 0 && point.rate > 0 && std::isfinite(point.in_flight) &&
           std::isfinite(point.rate);
  });
  return out;
}

/// N / X = a + b(N − 1) + cN(N − 1), each row divided by N / X: what is left of 1 is the relative error.
struct SubFit {
  std::array<double, 3> abc{};
  double squares = std::numeric_limits<double>::infinity();
};

SubFit fit_sub_model(std::span<const LoadPoint> points, Terms terms) {
  const std::array<bool, 3> kept{true, terms.sigma, terms.kappa};
  const auto rows = static_cast<Eigen::Index>(points.size());
  Eigen::MatrixXd matrix(rows, 1 + terms.sigma + terms.kappa);
  for (Eigen::Index row = 0; row < rows; ++row) {
    const auto& [n, x] = points[static_cast<std::size_t>(row)];
    const std::array<double, 3> all{1, n - 1, n * (n - 1)};
    Eigen::Index column = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (kept[i]) matrix(row, column++) = all[i] * x / n;
    }
  }
  // The columns differ by N²: brought to one length, the decomposition takes none of them for nothing.
  const Eigen::RowVectorXd lengths = matrix.colwise().norm().cwiseMax(std::numeric_limits<double>::min());
  matrix.array().rowwise() /= lengths.array();
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(rows);
  const Eigen::VectorXd scaled = matrix.colPivHouseholderQr().solve(ones);
  SubFit out;
  out.squares = (matrix * scaled - ones).squaredNorm();
  Eigen::Index column = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i]) out.abc[i] = scaled(column) / lengths(column), ++column;
  }
  return out;
}

/// Log ratios of the repeats to their load's median. Made as wide as the noise is: n values lie closer to
/// their own middle than to the truth, by √((n − 1) / n).
std::vector<double> deviations(std::span<const UslLoad> loads) {
  std::vector<double> out;
  for (const auto& load : loads) {
    const auto n = static_cast<double>(load.rates.size());
    if (load.rates.size() < 2) continue;
    for (const double rate : load.rates) {
      if (rate > 0) out.push_back(std::log(rate / load.point.rate) * std::sqrt(n / (n - 1)));
    }
  }
  return out;
}

struct Resampled {
  std::vector<double> lambda, sigma, kappa;
};

Resampled bootstrap(std::span<const UslLoad> loads, std::span<const double> noise, Rng rng) {
  Resampled out;
  std::vector<LoadPoint> points(loads.size());
  for (std::size_t i = 0; i < bootstrap_fits; ++i) {
    for (std::size_t at = 0; at < loads.size(); ++at) {
      std::vector<double> drawn(std::max<std::size_t>(loads[at].rates.size(), 1));
      for (auto& deviation : drawn) deviation = noise[rng.below(noise.size())];
      points[at] = {loads[at].point.in_flight, loads[at].point.rate * std::exp(median(std::move(drawn)))};
    }
    const auto fit = fit_usl_parameters(points);
    if (!fit) continue;
    out.lambda.push_back(fit->lambda);
    out.sigma.push_back(fit->sigma);
    out.kappa.push_back(fit->kappa);
  }
  return out;
}

}  // namespace

double UslParameters::rate(double n) const {
  return lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

double UslParameters::peak_in_flight() const {
  if (sigma >= 1) return 1;
  return kappa > 0 ? std::max(1.0, std::sqrt((1 - sigma) / kappa)) : unknown;
}

double UslParameters::peak_rate() const {
  const double peak = peak_in_flight();
  if (std::isfinite(peak)) return rate(peak);
  return sigma > 0 ? lambda / sigma : unknown;
}

std::optional<UslParameters> fit_usl_parameters(std::span<const LoadPoint> all) {
  const auto points = usable(all);
  std::set<double> loads;
  for (const auto& point : points) loads.insert(point.in_flight);
  if (loads.size() < fewest_usl_loads) return std::nullopt;
  // With so few unknowns, least squares under bounds is the best of the sub-models that keep them.
  SubFit best;
  for (const auto terms : sub_models) {
    const auto fit = fit_sub_model(points, terms);
    const bool allowed = fit.abc[0] > 0 && fit.abc[1] >= 0 && fit.abc[2] >= 0;
    if (allowed && fit.squares < best.squares) best = fit;
  }
  const auto [a, b, c] = best.abc;
  if (!(a > 0)) return std::nullopt;
  return improve_on_logs(points, {1 / a, b / a, c / a});
}

std::optional<UslFit> fit_usl(std::span<const UslLoad> loads, std::uint64_t seed) {
  std::vector<LoadPoint> points;
  for (const auto& load : loads) points.push_back(load.point);
  const auto fit = fit_usl_parameters(points);
  if (!fit) return std::nullopt;
  const auto noise = deviations(loads);
  const auto drawn = noise.empty() ? Resampled{} : bootstrap(loads, noise, Rng(seed));
  UslFit out;
  out.lambda = bootstrap_estimate(fit->lambda, drawn.lambda);
  out.sigma = bootstrap_estimate(fit->sigma, drawn.sigma);
  out.kappa = bootstrap_estimate(fit->kappa, drawn.kappa);
  const auto lack = lack_of_fit(loads, *fit);
  out.misfit = lack.misfit;
  out.lack_of_fit_p = lack.p;
  out.describes = !(lack.p < sure_lack_of_fit && lack.misfit > small_misfit);
  // Of a law that does not hold there is no peak to go by.
  if (!out.describes) return out;
  out.peak_in_flight = fit->peak_in_flight();
  out.peak_rate_per_s = fit->peak_rate();
  return out;
}

double usl_knee(const UslFit& fit) {
  return fit.peak_rate_per_s / fit.lambda.median;
}

}  // namespace troupe::sweep
