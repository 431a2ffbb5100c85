#include "sweep/analysis/usl_on_logs.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "sweep/analysis/statistics.hpp"

namespace troupe::sweep {
namespace {

constexpr int most_steps = 30;
constexpr int most_halvings = 12;
constexpr double converged = 1e-10;  ///< of the sum of squares, relative
/// Sums of squares on logs below this are rounding.
constexpr double exact = 1e-20;

double log_squares(std::span<const LoadPoint> points, const UslParameters& fit) {
  double out = 0;
  for (const auto& [n, x] : points) out += std::pow(std::log(x / fit.rate(n)), 2);
  return std::isfinite(out) ? out : std::numeric_limits<double>::infinity();
}

/// The step in (ln λ, σ, κ) that would end in the minimum if the law were linear in them. A parameter that is
/// on its bound and would leave it is left out.
Eigen::Vector3d newton_step(std::span<const LoadPoint> points, const UslParameters& at) {
  const auto rows = static_cast<Eigen::Index>(points.size());
  Eigen::MatrixXd slopes(rows, 3);
  Eigen::VectorXd left(rows);
  for (Eigen::Index row = 0; row < rows; ++row) {
    const auto& [n, x] = points[static_cast<std::size_t>(row)];
    const double below = 1 + at.sigma * (n - 1) + at.kappa * n * (n - 1);
    slopes.row(row) << 1, -(n - 1) / below, -n * (n - 1) / below;
    left(row) = std::log(x / at.rate(n));
  }
  const Eigen::Vector3d downhill = slopes.transpose() * left;
  if (at.sigma <= 0 && downhill(1) <= 0) slopes.col(1).setZero();
  if (at.kappa <= 0 && downhill(2) <= 0) slopes.col(2).setZero();
  // The columns differ by N²: brought to one length, the decomposition takes none of them for nothing.
  const Eigen::RowVector3d lengths = slopes.colwise().norm().cwiseMax(std::numeric_limits<double>::min());
  slopes.array().rowwise() /= lengths.array();
  const Eigen::Vector3d scaled = slopes.completeOrthogonalDecomposition().solve(left);
  return scaled.cwiseQuotient(lengths.transpose());
}

UslParameters moved(const UslParameters& from, const Eigen::Vector3d& step) {
  return {from.lambda * std::exp(step(0)), std::max(0.0, from.sigma + step(1)),
          std::max(0.0, from.kappa + step(2))};
}

double parameters_of(const UslParameters& fit) {
  return 1 + (fit.sigma > 0 ? 1 : 0) + (fit.kappa > 0 ? 1 : 0);
}

/// Chance of so large an F or a larger one.
double f_test(double lack, double lack_freedom, double pure, double pure_freedom) {
  if (!(lack_freedom > 0) || !(pure_freedom > 0)) return unknown;
  if (lack < exact) return 1;
  if (pure < exact) return 0;
  const boost::math::fisher_f distribution(lack_freedom, pure_freedom);
  return boost::math::cdf(boost::math::complement(distribution, lack / lack_freedom / (pure / pure_freedom)));
}

}  // namespace

UslParameters improve_on_logs(std::span<const LoadPoint> points, const UslParameters& start) {
  auto best = start;
  double squares = log_squares(points, best);
  for (int i = 0; i < most_steps && squares > exact; ++i) {
    auto step = newton_step(points, best);
    if (!step.allFinite()) break;
    auto next = moved(best, step);
    double found = log_squares(points, next);
    for (int halving = 0; halving < most_halvings && !(found < squares); ++halving) {
      step /= 2;
      next = moved(best, step);
      found = log_squares(points, next);
    }
    if (!(found < squares)) break;
    const bool done = squares - found < converged * squares;
    best = next;
    squares = found;
    if (done) break;
  }
  return best;
}

LackOfFit lack_of_fit(std::span<const UslLoad> loads, const UslParameters& fit) {
  double counted = 0, all = 0, lack = 0, pure = 0, squares = 0;
  for (const auto& load : loads) {
    std::vector<double> logs;
    for (const double rate : load.rates) {
      if (rate > 0 && std::isfinite(rate)) logs.push_back(std::log(rate));
    }
    if (logs.empty()) continue;
    const auto of = moments(logs);
    const double distance = of.mean - std::log(fit.rate(load.point.in_flight));
    counted += 1;
    all += of.n;
    squares += distance * distance;
    lack += of.n * distance * distance;
    if (of.n > 1) pure += of.variance * (of.n - 1);
  }
  if (counted == 0) return {};
  return {std::sqrt(squares / counted), f_test(lack, counted - parameters_of(fit), pure, all - counted)};
}

}  // namespace troupe::sweep
