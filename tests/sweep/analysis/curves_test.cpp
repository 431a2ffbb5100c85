#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "helpers/sweep_samples.hpp"
#include "sweep/analysis/kneedle.hpp"
#include "sweep/analysis/summarize.hpp"
#include "sweep/analysis/usl.hpp"

using namespace troupe::sweep;
using namespace troupe::tests;

namespace {

using Points = std::vector<std::pair<double, double>>;

const std::vector<std::uint64_t> users{1, 2, 4, 8, 16, 32, 64};

Curve curve_of(const std::function<double(double users)>& rate, double noise = 0,
               const std::vector<std::uint64_t>& loads = users) {
  std::vector<Cell> cells;
  for (const auto count : loads) cells.push_back(sweep_cell(4, count));
  const auto sweep =
      sweep_of(cells, 4, noise, [&](const Cell& cell) { return rate(static_cast<double>(cell.load.users)); });
  return summarize(sweep).curves.at(0);
}

}  // namespace

TEST_CASE("Kneedle finds the knee of the example in its paper's figure 2") {
  // y = −1/x + 5 at x = 0.1 … 1: the paper's own example has its knee at 0.22 on a finer grid of x.
  Points points;
  for (int i = 0; i < 10; ++i) points.emplace_back(i / 9.0, -1 / (i / 9.0 + 0.1) + 5);
  REQUIRE(kneedle(points).value() == Approx(2 / 9.0));
}

TEST_CASE("Kneedle finds a corner where it is") {
  const auto corner = GENERATE(2, 4, 6);
  Points points;
  for (int x = 0; x <= 10; ++x) points.emplace_back(x, std::min(x, corner));
  REQUIRE(kneedle(points).value() == corner);
}

TEST_CASE("Kneedle finds no knee where there is none") {
  const auto curve = GENERATE(0, 1, 2, 3);
  Points points;
  for (int x = 0; x <= 10; ++x) {
    const double y = curve == 0 ? x : curve == 1 ? 5 : curve == 2 ? x * x : -x;
    points.emplace_back(x, y);
  }
  CAPTURE(curve);
  REQUIRE_FALSE(kneedle(points));
}

TEST_CASE("Kneedle wants five points") {
  const Points points{{0, 0}, {1, 10}, {2, 10}, {3, 10}};
  REQUIRE_FALSE(kneedle(points));
  auto five = points;
  five.emplace_back(4, 10);
  REQUIRE(kneedle(five).value() == 1);
}

TEST_CASE("a knee is shown where USL and Kneedle agree") {
  const UslParameters law{1'000, 0.05, 0.0001};
  const auto curve = curve_of([&](double n) { return law.rate(n); }, 0.005);
  CAPTURE(curve.knee_note);
  REQUIRE(curve.usl);
  REQUIRE(curve.usl->r_squared > 0.99);
  REQUIRE(curve.usl_knee.value() == Approx(law.peak_rate() / law.lambda).epsilon(0.1));
  REQUIRE(curve.kneedle_knee);
  REQUIRE(curve.knee);
  REQUIRE(*curve.knee >= std::min(*curve.usl_knee, *curve.kneedle_knee));
  REQUIRE(*curve.knee <= std::max(*curve.usl_knee, *curve.kneedle_knee));
  REQUIRE_THAT(curve.knee_note, Catch::StartsWith("knee at "));
}

TEST_CASE("no knee is shown where the two disagree, and both are named") {
  // Kneedle looks at the shape within what was measured, and a long tail moves the bend along.
  const auto curve = curve_of(
      [](double n) {
        return UslParameters{1'000, 0.1, 0}.rate(n);
      },
      0, {1, 2, 4, 8, 16, 32, 64, 128, 256, 512});
  CAPTURE(curve.knee_note, curve.usl_knee.value_or(-1), curve.kneedle_knee.value_or(-1));
  REQUIRE(curve.usl_knee.value() == Approx(10));
  REQUIRE(curve.kneedle_knee);
  REQUIRE_FALSE(curve.knee);
  REQUIRE_THAT(curve.knee_note, Catch::StartsWith("no knee found: ") && Catch::Contains("USL says 10") &&
                                    Catch::Contains("Kneedle"));
}

TEST_CASE("a rate that only rises has no knee") {
  const auto curve = curve_of([](double n) { return 100 * n; });
  REQUIRE_FALSE(curve.knee);
  REQUIRE_FALSE(curve.usl_knee);
  REQUIRE_FALSE(curve.kneedle_knee);
  REQUIRE_THAT(curve.knee_note, Catch::Contains("rises without end"));
}

TEST_CASE("a knee beyond what was measured is none") {
  const auto curve = curve_of([](double n) { return UslParameters{1'000, 0.005, 0}.rate(n); });
  REQUIRE_FALSE(curve.usl_knee);
  REQUIRE_THAT(curve.knee_note, Catch::Contains("beyond the 64 that were measured"));
}

TEST_CASE("too few loads for Kneedle are said to be too few") {
  const auto curve = curve_of(
      [](double n) {
        return UslParameters{1'000, 0.1, 0}.rate(n);
      },
      0, {1, 4, 16, 64});
  REQUIRE(curve.usl);
  REQUIRE_FALSE(curve.knee);
  REQUIRE_THAT(curve.knee_note, Catch::Contains("Kneedle needs 5 different loads"));
}
