#include "sweep/analysis/usl.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "support/distributions.hpp"
#include "sweep/analysis/statistics.hpp"
#include "sweep/analysis/summary.hpp"

using namespace troupe;
using namespace troupe::sweep;

namespace {

const std::vector<double> usual_loads{1, 2, 4, 8, 16, 32, 64, 128};

std::vector<LoadPoint> points_of(const UslParameters& truth, const std::vector<double>& loads = usual_loads) {
  std::vector<LoadPoint> out;
  for (const double n : loads) out.push_back({n, truth.rate(n)});
  return out;
}

std::vector<UslLoad> noisy_loads(const UslParameters& truth, std::size_t repeats, double noise, Rng& rng) {
  std::vector<UslLoad> out;
  for (const double n : usual_loads) {
    auto& load = out.emplace_back();
    for (std::size_t i = 0; i < repeats; ++i)
      load.rates.push_back(truth.rate(n) * std::exp(noise * rng.normal()));
    load.point = {n, median(load.rates)};
  }
  return out;
}

bool contains(const Estimate& estimate, double value) {
  return estimate.low <= value && value <= estimate.high;
}

}  // namespace

TEST_CASE("the law's parameters are recovered exactly from data without noise") {
  const auto truth = GENERATE(values<UslParameters>({{1'000, 0.05, 0.001},
                                                     {1'000, 0, 0},
                                                     {250, 0.1, 0},
                                                     {40'000, 0, 0.002},
                                                     {3, 0.9, 0.1},
                                                     {1'000, 1.2, 0.01}}));
  const auto fit = fit_usl_parameters(points_of(truth));
  CAPTURE(truth.lambda, truth.sigma, truth.kappa);
  REQUIRE(fit);
  REQUIRE(fit->lambda == Approx(truth.lambda).epsilon(1e-9));
  REQUIRE(fit->sigma == Approx(truth.sigma).epsilon(1e-9).margin(1e-11));
  REQUIRE(fit->kappa == Approx(truth.kappa).epsilon(1e-9).margin(1e-13));
}

TEST_CASE("loads of any size are fitted, also below one request in flight") {
  const UslParameters truth{500, 0.02, 1e-9};
  const auto fit = fit_usl_parameters(points_of(truth, {0.3, 10, 1'000, 20'000}));
  REQUIRE(fit);
  REQUIRE(fit->lambda == Approx(500).epsilon(1e-9));
  REQUIRE(fit->sigma == Approx(0.02).epsilon(1e-6));
  REQUIRE(fit->kappa == Approx(1e-9).epsilon(1e-3));
}

TEST_CASE("data that scale better than linearly are fitted without negative parameters") {
  std::vector<LoadPoint> points;
  for (const double n : usual_loads) points.push_back({n, 100 * std::pow(n, 1.2)});
  const auto fit = fit_usl_parameters(points);
  REQUIRE(fit);
  REQUIRE(fit->sigma == 0);
  REQUIRE(fit->kappa == 0);
  REQUIRE(fit->lambda > 100);
}

TEST_CASE("fewer than four different loads are not fitted, nor rates of zero") {
  const UslParameters truth{1'000, 0.05, 0.001};
  REQUIRE_FALSE(fit_usl_parameters(points_of(truth, {1, 8, 64})));
  REQUIRE_FALSE(fit_usl_parameters(points_of(truth, {1, 8, 64, 64})));
  auto points = points_of(truth, {1, 4, 8, 64});
  REQUIRE(fit_usl_parameters(points));
  points[2].rate = GENERATE(0.0, -5.0, unknown);
  REQUIRE_FALSE(fit_usl_parameters(points));
}

TEST_CASE("the intervals of a fit to noisy data contain the truth") {
  const UslParameters truth{1'000, 0.05, 0.001};
  Rng rng(5);
  int lambda = 0, sigma = 0, kappa = 0;
  constexpr int trials = 100;
  for (int trial = 0; trial < trials; ++trial) {
    const auto fit = fit_usl(noisy_loads(truth, 5, 0.03, rng), static_cast<std::uint64_t>(trial));
    REQUIRE(fit);
    lambda += contains(fit->lambda, truth.lambda);
    sigma += contains(fit->sigma, truth.sigma);
    kappa += contains(fit->kappa, truth.kappa);
    REQUIRE(fit->describes);
  }
  // 95 of 100 are expected; the intervals are to be neither too narrow nor so wide that they say nothing.
  CAPTURE(lambda, sigma, kappa);
  REQUIRE(lambda >= 88);
  REQUIRE(sigma >= 88);
  REQUIRE(kappa >= 88);
}

TEST_CASE("a fit without repeats has no intervals, and whether the law holds is not tested") {
  const UslParameters truth{1'000, 0.05, 0.001};
  std::vector<UslLoad> loads;
  for (const auto& point : points_of(truth)) loads.push_back({point, {point.rate}});
  const auto fit = fit_usl(loads, 1);
  REQUIRE(fit);
  REQUIRE(fit->sigma.median == Approx(0.05));
  REQUIRE(std::isnan(fit->sigma.low));
  REQUIRE(fit->misfit == Approx(0).margin(1e-9));
  REQUIRE(std::isnan(fit->lack_of_fit_p));
  REQUIRE(fit->peak_in_flight == Approx(std::sqrt(0.95 / 0.001)));
  REQUIRE(fit->peak_rate_per_s == Approx(truth.rate(std::sqrt(0.95 / 0.001))));
}

TEST_CASE("the peak is where the law has it") {
  REQUIRE(UslParameters{10, 0.1, 0.009}.peak_in_flight() == Approx(10));
  REQUIRE(std::isnan(UslParameters{10, 0.1, 0}.peak_in_flight()));
  REQUIRE(UslParameters{10, 0.1, 0}.peak_rate() == Approx(100));
  REQUIRE(std::isnan(UslParameters{10, 0, 0}.peak_rate()));
  REQUIRE(UslParameters{10, 1.5, 0.1}.peak_in_flight() == 1);
  REQUIRE(UslParameters{10, 1.5, 0.1}.peak_rate() == Approx(10));
}
