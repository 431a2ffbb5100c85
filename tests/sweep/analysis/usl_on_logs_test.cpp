#include "sweep/analysis/usl_on_logs.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "support/distributions.hpp"
#include "sweep/analysis/statistics.hpp"

using namespace troupe;
using namespace troupe::sweep;

namespace {

using Law = std::function<double(double)>;

std::vector<UslLoad> loads_of(const Law& law, std::size_t repeats, double noise, Rng& rng) {
  std::vector<UslLoad> out;
  for (const double n : {1, 2, 4, 8, 16, 32, 64, 128}) {
    auto& load = out.emplace_back();
    for (std::size_t i = 0; i < repeats; ++i) load.rates.push_back(law(n) * std::exp(noise * rng.normal()));
    load.point = {n, median(load.rates)};
  }
  return out;
}

std::vector<LoadPoint> points_of(const std::vector<UslLoad>& loads) {
  std::vector<LoadPoint> out;
  for (const auto& load : loads) out.push_back(load.point);
  return out;
}

double log_squares(const std::vector<LoadPoint>& points, const UslParameters& fit) {
  double out = 0;
  for (const auto& [n, x] : points) out += std::pow(std::log(x / fit.rate(n)), 2);
  return out;
}

double corner(double n) {
  return 1'000 * std::min(n, 12.0);
}

}  // namespace

TEST_CASE("no fit near by is better on logs, and none has negative parameters") {
  Rng rng(3);
  for (int trial = 0; trial < 50; ++trial) {
    const double sigma = trial % 3 == 0 ? 0 : 0.05;
    const double kappa = trial % 2 == 0 ? 0 : 0.001;
    const auto points = points_of(loads_of(
        [&](double n) {
          return UslParameters{1'000, sigma, kappa}.rate(n);
        },
        1, 0.3, rng));
    const auto fit = fit_usl_parameters(points);
    REQUIRE(fit);
    REQUIRE(fit->sigma >= 0);
    REQUIRE(fit->kappa >= 0);
    const double least = log_squares(points, *fit);
    for (const double by : {-1e-3, 1e-3}) {
      const UslParameters other_lambda{fit->lambda * (1 + by), fit->sigma, fit->kappa};
      const UslParameters other_sigma{fit->lambda, std::max(0.0, fit->sigma + by * 0.1), fit->kappa};
      const UslParameters other_kappa{fit->lambda, fit->sigma, std::max(0.0, fit->kappa + by * 0.01)};
      CAPTURE(trial, by, fit->lambda, fit->sigma, fit->kappa);
      REQUIRE(log_squares(points, other_lambda) >= least);
      REQUIRE(log_squares(points, other_sigma) >= least * (1 - 1e-9));
      REQUIRE(log_squares(points, other_kappa) >= least * (1 - 1e-9));
    }
  }
}

TEST_CASE("a start that is the best fit is given back") {
  const UslParameters truth{1'000, 0.05, 0.001};
  std::vector<LoadPoint> points;
  for (const double n : {1, 4, 16, 64}) points.push_back({n, truth.rate(n)});
  const auto fit = improve_on_logs(points, truth);
  REQUIRE(fit.lambda == truth.lambda);
  REQUIRE(fit.sigma == truth.sigma);
  REQUIRE(fit.kappa == truth.kappa);
}

TEST_CASE("half and twice the rate count alike on logs") {
  // Four loads of a server that scales perfectly, one measured at half and one at twice its rate.
  const std::vector<LoadPoint> points{{1, 100}, {2, 400}, {4, 200}, {8, 800}};
  const auto fit = improve_on_logs(points, {150, 0, 0});
  REQUIRE(log_squares(points, fit) <= log_squares(points, {100, 0, 0}));
  REQUIRE(std::abs(std::log(fit.lambda / 100)) < std::log(1.5));
}

TEST_CASE("the test for lack of fit finds fault with a true law about as often as it says") {
  Rng rng(7);
  int rejected = 0;
  constexpr int trials = 500;
  for (int trial = 0; trial < trials; ++trial) {
    const auto loads = loads_of(
        [](double n) {
          return UslParameters{1'000, 0.05, 0.001}.rate(n);
        },
        4, 0.05, rng);
    rejected += lack_of_fit(loads, *fit_usl_parameters(points_of(loads))).p < 0.05;
  }
  // 25 of 500 are expected. Fits go through the medians, which lie a little off the mean logs.
  CAPTURE(rejected);
  REQUIRE(rejected >= 5);
  REQUIRE(rejected <= 55);
}

TEST_CASE("a law that does not hold is found out, if it matters") {
  Rng rng(11);
  int refuted = 0;
  for (int trial = 0; trial < 50; ++trial) {
    const auto fit = fit_usl(loads_of(corner, 4, 0.03, rng), 1);
    refuted += !fit->describes;
    if (fit->describes) continue;
    CHECK(fit->lack_of_fit_p < 0.01);
    CHECK(fit->misfit > 0.05);
  }
  REQUIRE(refuted >= 48);
  // Hardly any noise, and a server that is typically 1 % off the law: certain, and of no consequence.
  const auto close = [](double n) {
    return UslParameters{1'000, 0.05, 0.001}.rate(n) * (n == 8 || n == 64 ? 1.02 : 0.99);
  };
  const auto fit = fit_usl(loads_of(close, 4, 0.001, rng), 1);
  REQUIRE(fit->lack_of_fit_p < 0.01);
  REQUIRE(fit->misfit < 0.05);
  REQUIRE(fit->describes);
}

TEST_CASE(
    "repeats that all gave the same rate are no noise to test against, but neither do they break the test") {
  Rng rng(1);
  const auto off = fit_usl(loads_of(corner, 3, 0, rng), 1);
  REQUIRE(off->lack_of_fit_p == 0);
  REQUIRE_FALSE(off->describes);
  const UslParameters truth{1'000, 0.05, 0.001};
  const auto on = fit_usl(loads_of([&](double n) { return truth.rate(n); }, 3, 0, rng), 1);
  REQUIRE(on->lack_of_fit_p == 1);
  REQUIRE(on->describes);
}

TEST_CASE("without repeats there is a misfit but no test, and the law is not called wrong") {
  Rng rng(1);
  const auto fit = fit_usl(loads_of(corner, 1, 0, rng), 1);
  REQUIRE(fit->misfit > 0.05);
  REQUIRE(std::isnan(fit->lack_of_fit_p));
  REQUIRE(fit->describes);
  REQUIRE(std::isfinite(fit->peak_rate_per_s));
}
