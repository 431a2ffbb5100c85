#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "helpers/sweep_samples.hpp"
#include "sweep/analysis/summarize.hpp"
#include "sweep/analysis/usl.hpp"

using namespace troupe::sweep;
using namespace troupe::tests;

namespace {

const std::vector<std::uint64_t> users{1, 2, 4, 8, 16, 32, 64};

Curve curve_of(const std::function<double(double users)>& rate, double noise = 0,
               const std::vector<std::uint64_t>& loads = users, std::uint64_t seed = 1) {
  std::vector<Cell> cells;
  for (const auto count : loads) cells.push_back(sweep_cell(4, count));
  const auto sweep = sweep_of(
      cells, 4, noise, [&](const Cell& cell) { return rate(static_cast<double>(cell.load.users)); }, seed);
  return summarize(sweep).curves.at(0);
}

}  // namespace

TEST_CASE("a knee is shown where USL and Kneedle agree") {
  const UslParameters law{1'000, 0.05, 0.0001};
  const auto curve = curve_of([&](double n) { return law.rate(n); }, 0.005);
  CAPTURE(curve.knee_note);
  REQUIRE(curve.usl);
  REQUIRE(curve.usl->describes);
  REQUIRE(curve.usl_knee.value() == Approx(law.peak_rate() / law.lambda).epsilon(0.1));
  REQUIRE(curve.kneedle_knee);
  REQUIRE(curve.knee);
  REQUIRE(*curve.knee >= std::min(*curve.usl_knee, *curve.kneedle_knee));
  REQUIRE(*curve.knee <= std::max(*curve.usl_knee, *curve.kneedle_knee));
  REQUIRE_THAT(curve.knee_note, Catch::StartsWith("knee at "));
}

TEST_CASE("no knee is shown where the two disagree, and both are named") {
  // Kneedle looks at the shape within what was measured, and here most of the bend lies before the first
  // load.
  const auto curve = curve_of(
      [](double n) {
        return UslParameters{1'000, 0.1, 0}.rate(n);
      },
      0, {8, 16, 32, 64, 128, 256, 512});
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

TEST_CASE("where the law does not describe the server its knee and peak are not used") {
  const auto curve = curve_of([](double n) { return std::min(n, 16.0); }, 0.02);
  CAPTURE(curve.knee_note, curve.usl->misfit);
  REQUIRE(curve.usl);
  REQUIRE_FALSE(curve.usl->describes);
  REQUIRE(std::isnan(curve.usl->peak_in_flight));
  REQUIRE(std::isnan(curve.usl->peak_rate_per_s));
  REQUIRE_FALSE(curve.usl_knee);
  REQUIRE_THAT(curve.usl_note, Catch::StartsWith("USL does not describe this server"));
  REQUIRE(curve.knee.value() == Approx(16).epsilon(0.1));
  REQUIRE_THAT(curve.knee_note, Catch::Contains("Kneedle alone: USL does not describe this server"));
}

TEST_CASE("the knee that is shown is near the true one, of hard and of soft corners, through noise") {
  constexpr int trials = 200;
  const double knee = GENERATE(6.0, 20.0, 30.0);
  const bool hard = GENERATE(true, false);
  int found = 0, near = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const auto curve = curve_of(
        [&](double n) {
          return hard ? 1'000 * std::min(n, knee) : UslParameters{1'000, 1 / knee, 0}.rate(n);
        },
        0.05, {1, 4, 16, 64, 256}, static_cast<std::uint64_t>(trial + 1));
    if (!curve.knee) continue;
    ++found;
    near += *curve.knee<1.5 * knee&& * curve.knee> knee / 1.5;
  }
  CAPTURE(knee, hard, found, near);
  CHECK(found >= 0.6 * trials);
  CHECK(near >= 0.8 * found);
}
