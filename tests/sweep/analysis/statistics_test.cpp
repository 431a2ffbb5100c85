#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <tuple>
#include <vector>

#include "support/distributions.hpp"
#include "sweep/analysis/statistics.hpp"

using namespace troupe;
using namespace troupe::sweep;

TEST_CASE("a median is the middle value, or the mean of the two in the middle") {
  REQUIRE(median({3, 1, 2}) == 2);
  REQUIRE(median({4, 1, 2, 3}) == 2.5);
  REQUIRE(median({7}) == 7);
  REQUIRE(median({unknown, 7, 5}) == 6);
  REQUIRE(std::isnan(median({})));
}

TEST_CASE("quantiles of Student's t are those of the tables") {
  const auto [freedom, confidence, wanted] = GENERATE(table<double, double, double>(
      {{1, 0.95, 12.706}, {2, 0.95, 4.303}, {4, 0.95, 2.776}, {9, 0.99, 3.250}, {1e6, 0.95, 1.960}}));
  REQUIRE(t_quantile(freedom, confidence) == Approx(wanted).margin(0.0005));
  REQUIRE(std::isnan(t_quantile(0, confidence)));
}

TEST_CASE("the interval of a median is Student's t on the logarithms") {
  // Logs 0, 0.1, 0.2: mean 0.1, deviation 0.1, half width 4.303 × 0.1 / √3 = 0.24843.
  const std::vector<double> values{std::exp(0.2), std::exp(0.0), std::exp(0.1)};
  const auto estimate = median_estimate(values);
  REQUIRE(estimate.median == Approx(std::exp(0.1)));
  REQUIRE(estimate.low == Approx(std::exp(0.1 - 0.24843)).epsilon(1e-4));
  REQUIRE(estimate.high == Approx(std::exp(0.1 + 0.24843)).epsilon(1e-4));
}

TEST_CASE("the interval contains the truth as often as it says, with as few as three repeats") {
  const std::size_t repeats = GENERATE(3, 5, 10);
  Rng rng(repeats);
  int contained = 0;
  for (int trial = 0; trial < 4'000; ++trial) {
    std::vector<double> values(repeats);
    for (auto& value : values) value = 1'000 * std::exp(0.1 * rng.normal());
    const auto estimate = median_estimate(values);
    contained += estimate.low <= 1'000 && 1'000 <= estimate.high;
  }
  CAPTURE(repeats);
  REQUIRE(contained > 0.94 * 4'000);
  REQUIRE(contained < 0.98 * 4'000);
}

TEST_CASE("an interval is widened to contain the median") {
  // Nine equal values and nine far below: the logarithms' mean lies far from the median of 19.
  std::vector<double> values(10, 100.0);
  values.insert(values.end(), 9, 1.0);
  const auto estimate = median_estimate(values);
  REQUIRE(estimate.median == 100);
  REQUIRE(estimate.high >= 100);
  REQUIRE(estimate.low < 10);
}

TEST_CASE("fewer than two repeats have no interval") {
  const auto estimate = median_estimate(std::vector<double>{5});
  REQUIRE(estimate.median == 5);
  REQUIRE(std::isnan(estimate.low));
  REQUIRE(std::isnan(estimate.high));
  REQUIRE(std::isnan(median_estimate({}).median));
  REQUIRE(std::isnan(median_estimate(std::vector<double>{5, unknown}).low));
}

TEST_CASE("values without a logarithm get an interval of their own scale, not below zero") {
  const auto nothing = median_estimate(std::vector<double>{0, 0, 0});
  REQUIRE(nothing.low == 0);
  REQUIRE(nothing.high == 0);
  const auto some = median_estimate(std::vector<double>{0, 10, 20});
  REQUIRE(some.median == 10);
  REQUIRE(some.low == 0);
  REQUIRE(some.high == Approx(10 + 4.303 * 10 / std::sqrt(3)).epsilon(1e-3));
  REQUIRE(median_estimate(std::vector<double>{-1, 0, 1}).low < -1);
}

TEST_CASE("paired ratios cancel what a round did to both") {
  const std::vector<double> drift{0, -0.7, 0.3, -0.2};
  std::vector<double> ratios;
  for (const double d : drift) ratios.push_back((std::log(110) + d) - (std::log(100) + d));
  const auto pair = paired_ratio(ratios);
  REQUIRE(pair.ratio.median == Approx(1.1));
  REQUIRE(pair.half_width < 1e-9);
  const auto one = paired_ratio(std::vector<double>{0.1});
  REQUIRE(one.ratio.median == Approx(std::exp(0.1)));
  REQUIRE(std::isnan(one.ratio.low));
  REQUIRE(std::isnan(one.half_width));
}

TEST_CASE("the repeats that would do are the fewest whose interval is narrow enough") {
  const auto [deviation, made] =
      GENERATE(table<double, std::uint64_t>({{0.02, 2}, {0.05, 5}, {0.10, 5}, {0.3, 3}}));
  const double wanted = std::log(1.03);
  const auto width = [&, d = deviation](std::uint64_t n) {
    return t_quantile(static_cast<double>(n - 1), 0.95) * d / std::sqrt(static_cast<double>(n));
  };
  const auto needed = repeats_needed(deviation, wanted, made);
  CAPTURE(deviation, made, needed);
  REQUIRE(needed > made);
  REQUIRE(width(needed) <= wanted);
  REQUIRE((needed == made + 1 || width(needed - 1) > wanted));
  REQUIRE(repeats_needed(0, wanted, 5) == 6);
  REQUIRE(repeats_needed(1e9, wanted, 5) == 10'000);
}

TEST_CASE("Welch's change agrees with a calculation by hand") {
  // Logs: a 0, 0.02 (mean 0.01, variance 0.0002), b 0.1, 0.12, 0.14 (mean 0.12, variance 0.0004).
  const std::vector<double> a{std::exp(0.0), std::exp(0.02)};
  const std::vector<double> b{std::exp(0.1), std::exp(0.12), std::exp(0.14)};
  const auto change = welch_change(a, b, 0.95, 0);
  const double of_a = 0.0002 / 2, of_b = 0.0004 / 3;
  const double freedom = std::pow(of_a + of_b, 2) / (of_a * of_a / 1 + of_b * of_b / 2);
  const double half = t_quantile(freedom, 0.95) * std::sqrt(of_a + of_b);
  REQUIRE(change.median == Approx(std::expm1(0.11)));
  REQUIRE(change.low == Approx(std::expm1(0.11 - half)));
  REQUIRE(change.high == Approx(std::expm1(0.11 + half)));
  const auto coarse = welch_change(a, b, 0.95, 0.01);
  REQUIRE(coarse.high == Approx(std::expm1(0.11 + half + 0.01)));
}

TEST_CASE("a change has no interval or no value where there is nothing to compare") {
  const std::vector<double> one{5}, two{5, 6}, zeros{0, 0};
  REQUIRE(welch_change(one, two, 0.95, 0).median == Approx(std::sqrt(30) / 5 - 1));
  REQUIRE(std::isnan(welch_change(one, two, 0.95, 0).low));
  REQUIRE(std::isnan(welch_change({}, two, 0.95, 0).median));
  REQUIRE(std::isnan(welch_change(zeros, two, 0.95, 0).median));
  const auto stopped = welch_change(two, zeros, 0.95, 0);
  REQUIRE(stopped.median == Approx(-1));
  REQUIRE(stopped.high > -1);
}

TEST_CASE("draws are with replacement, stay in range and repeat with the seed") {
  std::vector<std::size_t> first(50), second(50);
  Rng a(7), b(7);
  redraw(a, first);
  redraw(b, second);
  REQUIRE(first == second);
  REQUIRE(*std::max_element(first.begin(), first.end()) < 50);
  redraw(b, second);
  REQUIRE(first != second);
}

TEST_CASE("a bootstrap's interval is its middle 95 %, and contains the fit") {
  std::vector<double> drawn(1'001);
  std::iota(drawn.begin(), drawn.end(), 0.0);
  const auto estimate = bootstrap_estimate(500, drawn);
  REQUIRE(estimate.median == 500);
  REQUIRE(estimate.low == 25);
  REQUIRE(estimate.high == 975);
  REQUIRE(bootstrap_estimate(-3, drawn).low == -3);
  REQUIRE(std::isnan(bootstrap_estimate(500, {}).low));
}
