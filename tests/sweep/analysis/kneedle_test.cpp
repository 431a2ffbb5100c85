#include "sweep/analysis/kneedle.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "support/distributions.hpp"
#include "sweep/analysis/statistics.hpp"

using namespace troupe;
using namespace troupe::sweep;

namespace {

using Points = std::vector<std::pair<double, double>>;
using Curve = std::function<double(double load)>;

constexpr int trials = 300;
constexpr double noise = 0.05;

Points points_of(const std::vector<double>& loads, const Curve& curve) {
  Points out;
  for (const double load : loads) out.emplace_back(load, curve(load));
  return out;
}

/// Medians of four repeats each.
Points noisy(const Curve& curve, Rng& rng) {
  return points_of({1, 4, 16, 64, 256}, [&](double load) {
    std::vector<double> repeats;
    for (int i = 0; i < 4; ++i) repeats.push_back(curve(load) * std::exp(noise * rng.normal()));
    return median(repeats);
  });
}

struct Tally {
  int found = 0, near = 0;
};

/// `near`: within a factor of 1.5.
Tally tally(const Curve& curve, double truth) {
  Rng rng(17);
  Tally out;
  for (int trial = 0; trial < trials; ++trial) {
    const auto knee = kneedle(noisy(curve, rng));
    if (!knee) continue;
    ++out.found;
    out.near += *knee<1.5 * truth&& * knee> truth / 1.5;
  }
  return out;
}

}  // namespace

TEST_CASE("Kneedle finds the knee of the example in its paper's figure 2") {
  // y = −1/x + 5 at x = 0.1 … 1, with its knee at 0.22: found to the distance of two
  // points. The paper's axes are linear; here they are the logs.
  Points points;
  for (int i = 0; i < 10; ++i) points.emplace_back(std::exp(i / 9.0), std::exp(-1 / (i / 9.0 + 0.1) + 5));
  REQUIRE(std::log(kneedle(points).value()) == Approx(0.22).margin(1 / 9.0));
}

TEST_CASE("Kneedle finds a corner where it is, also between the loads") {
  const double corner = GENERATE(5.0, 6.0, 16.0, 20.0, 30.0, 60.0);
  const auto points = points_of({1, 4, 16, 64, 256}, [&](double n) { return 700 * std::min(n, corner); });
  REQUIRE(kneedle(points).value() == Approx(corner));
}

TEST_CASE("Kneedle finds no knee where there is none") {
  const double power = GENERATE(1.0, 0.5, 0.0, 2.0, -1.0);
  CAPTURE(power);
  REQUIRE_FALSE(kneedle(points_of({1, 2, 4, 8, 16, 32}, [&](double n) { return std::pow(n, power); })));
}

TEST_CASE("Kneedle wants five points, and leaves out what has no logarithm") {
  Points points{{1, 10}, {2, 100}, {4, 100}, {8, 100}};
  REQUIRE_FALSE(kneedle(points));
  points.emplace_back(16, 0);
  REQUIRE_FALSE(kneedle(points));
  points.emplace_back(32, 100);
  REQUIRE(kneedle(points).value() == Approx(2));
}

TEST_CASE("Kneedle finds hard corners through noise, within a factor of 1.5") {
  const double corner = GENERATE(6.0, 20.0, 30.0);
  const auto [found, near] = tally([&](double n) { return std::min(n, corner); }, corner);
  CAPTURE(corner, found, near);
  REQUIRE(found >= 0.6 * trials);
  REQUIRE(near >= 0.8 * found);
}

TEST_CASE("Kneedle finds rounded corners through noise, within a factor of 1.5") {
  // Both asymptotes meet in the knee, where the curve is a fifth below them.
  const double corner = GENERATE(6.0, 20.0, 30.0);
  const auto rounded = [&](double n) { return std::pow(std::pow(n, -3) + std::pow(corner, -3), -1.0 / 3); };
  const auto [found, near] = tally(rounded, corner);
  CAPTURE(corner, found, near);
  REQUIRE(found >= 0.6 * trials);
  REQUIRE(near >= 0.8 * found);
}

TEST_CASE("Kneedle finds the knee of a law that bends slowly within a factor of 2") {
  // Contention alone: the bend takes two decades, and what was measured decides where it looks sharpest.
  const double knee = GENERATE(6.0, 20.0, 30.0);
  Rng rng(19);
  int near = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const auto found = kneedle(noisy([&](double n) { return n / (1 + (n - 1) / knee); }, rng));
    near += found && *found<2 * knee&& * found> knee / 2;
  }
  CAPTURE(knee, near);
  REQUIRE(near >= 0.8 * trials);
}

TEST_CASE("Kneedle sees no knee in the noise of a curve that only rises, or is flat") {
  const double power = GENERATE(1.0, 0.7, 0.3, 0.0);
  const auto found = tally([&](double n) { return std::pow(n, power); }, 1).found;
  CAPTURE(power, found);
  REQUIRE(found <= 0.1 * trials);
}
