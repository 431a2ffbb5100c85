#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <vector>

#include "sim/load/warmup.hpp"
#include "sim/measure/warmup.hpp"
#include "support/distributions.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::Duration;
using troupe::Rng;

namespace {

constexpr Duration longest_request = 5s;

/// The interval of that second; a cut cares for its begin alone.
Interval second_of_run(std::uint64_t second) {
  Interval interval;
  interval.begin = std::chrono::seconds(second);
  interval.end = interval.begin + 1s;
  return interval;
}

/// What a run of so many seconds shows of itself, at a rate that is low for the first `slow` of them.
std::vector<RunSeries::Early> seconds_of(std::uint64_t seconds, std::uint64_t slow, const WarmUpCut& cut) {
  std::vector<RunSeries::Early> out;
  for (std::uint64_t s = 0; s < seconds && out.size() < RunSeries::most_early; ++s) {
    if (cut.counts(second_of_run(s))) out.push_back({s, s < slow ? 10.0 : 100.0, 0});
  }
  return out;
}

/// Shows the cut these seconds, as a run does; the begins of those that come back at once.
std::vector<Duration> handed_back(WarmUpCut& cut, std::uint64_t seconds) {
  std::vector<Duration> back;
  for (std::uint64_t s = 0; s < seconds; ++s) {
    auto interval = second_of_run(s);
    if (!cut.counts(interval)) continue;
    if (const auto counted = cut.take(std::move(interval))) back.push_back(counted->begin);
  }
  return back;
}

}  // namespace

TEST_CASE("MSER-5 leaves nothing out of a series that is steady from the start") {
  const double level = GENERATE(0.0, 100.0, 1.0 / 3);
  const std::vector<double> series(60, level);
  const auto cut = mser5(series);
  REQUIRE(cut.count == 0);
  REQUIRE(cut.conclusive);
}

TEST_CASE("MSER-5 cuts a ramp off where it ends") {
  const std::size_t ramp = GENERATE(5, 10, 20, 40);
  std::vector<double> series;
  for (std::size_t i = 0; i < 100; ++i) {
    const double level = i < ramp ? 1000.0 * static_cast<double>(i) / static_cast<double>(ramp) : 1000;
    series.push_back(level + (i % 2 == 0 ? 10 : -10));
  }
  const auto cut = mser5(series);
  CAPTURE(ramp);
  REQUIRE(cut.count == ramp);
  REQUIRE(cut.conclusive);
}

TEST_CASE("MSER-5 never leaves a ramp in, however noisy the rest") {
  const auto seed = GENERATE(range(1, 20));
  Rng rng(static_cast<std::uint64_t>(seed));
  std::vector<double> series;
  for (int i = 0; i < 100; ++i) series.push_back((i < 10 ? 100.0 * i : 1000) + 50 * rng.normal());
  REQUIRE(mser5(series).count >= 10);
}

TEST_CASE("MSER-5 finds the cut that the formula gives by hand") {
  // Batch means 0, 10, 8, 12, 10, 10: over all Σ(Y-8.33)² / 36 = 91.3/36 = 2.54; without the first 8/25 =
  // 0.32; without two 8/16 = 0.5; without three 2.67/9 = 0.30, which is the least and lies on the bound.
  std::vector<double> series;
  for (const double mean : {0, 10, 8, 12, 10, 10}) series.insert(series.end(), 5, mean);
  REQUIRE(mser5(series).count == 15);
  REQUIRE_FALSE(mser5(series).conclusive);
  // One steady batch more: 8/36 = 0.22 without the first, 8/25, then 2.8/16 = 0.175.
  series.insert(series.end(), 5, 10);
  REQUIRE(mser5(series).count == 15);
}

TEST_CASE("a series that never settles or is too short is inconclusive") {
  std::vector<double> rising;
  for (int i = 0; i < 100; ++i) rising.push_back(i);
  REQUIRE_FALSE(mser5(rising).conclusive);
  const std::vector<double> brief(19, 1.0);
  REQUIRE_FALSE(mser5(brief).conclusive);
  REQUIRE(mser5(brief).count == 0);
  REQUIRE_FALSE(mser5({}).conclusive);
}

TEST_CASE("a series that keeps moving drifts, one that only wobbles does not") {
  std::vector<double> rising, wobbling, brief(19, 1.0);
  for (int i = 0; i < 60; ++i) {
    rising.push_back(100 + 0.3 * i + (i % 2));
    wobbling.push_back(100 + 5 * (i % 2));
  }
  CHECK(drifts(rising));
  CHECK_FALSE(drifts(wobbling));
  CHECK_FALSE(drifts(brief));
  for (auto& value : rising) value = 200 - value;
  CHECK(drifts(rising));
}

TEST_CASE("noise is taken for a drift in one of a hundred series at most, and less where it is small") {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Rng rng(seed);
    std::vector<double> series;
    for (int i = 0; i < 60; ++i) series.push_back(1000 + 200 * rng.normal());
    found += drifts(series);
  }
  CHECK(found <= 12);  // of 500, 5 by chance
}

TEST_CASE("a warm-up is a duration or auto") {
  REQUIRE(parse_warm_up("auto").value() == WarmUp{std::nullopt});
  REQUIRE(parse_warm_up("5s").value() == WarmUp{5s});
  REQUIRE_THAT(parse_warm_up("five").error().message, Catch::Contains("auto"));
}

TEST_CASE("a fixed warm-up and the ramp are cut off to the nanosecond, and nothing is kept back") {
  WarmUpCut cut(WarmUp{1500ms}, 1s, longest_request);
  CHECK(cut.measured_from() == 2500ms);
  CHECK(handed_back(cut, 5) == std::vector<Duration>{3s, 4s});
  const auto settled = cut.settle(seconds_of(5, 0, cut));
  CHECK(cut.measured_from() == 2500ms);
  CHECK_FALSE(settled.steady);
  CHECK(settled.rest.empty());
}

TEST_CASE("an automatic warm-up keeps seconds back until it knows which count") {
  WarmUpCut cut(WarmUp{std::nullopt}, 2s, longest_request);
  CHECK(handed_back(cut, 62).empty());
  const auto settled = cut.settle(seconds_of(62, 12, cut));
  CHECK(cut.measured_from() == 12s);
  CHECK(settled.steady == true);
  REQUIRE(settled.rest.size() == 50);
  CHECK(settled.rest.front().begin == 12s);
}

TEST_CASE("nothing comes back at once of which an automatic warm-up might still cut off a part") {
  WarmUpCut cut(WarmUp{std::nullopt}, Duration{}, longest_request);
  const std::uint64_t seconds = 400;
  const auto back = handed_back(cut, seconds);
  const auto settled = cut.settle(seconds_of(seconds, 120, cut));  // slow up to the latest cut that there is
  CHECK(settled.steady == false);
  REQUIRE_FALSE(back.empty());
  // A request that ended in it may have begun one longest request earlier.
  CHECK(back.front() - longest_request >= cut.measured_from());
  CHECK(120 + settled.rest.size() + back.size() == seconds);
}
