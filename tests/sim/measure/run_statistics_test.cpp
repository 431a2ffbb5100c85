#include <catch2/catch.hpp>
#include <chrono>

#include "sim/measure/recorder.hpp"
#include "sim/measure/run_statistics.hpp"
#include "support/distributions.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::Duration;
using troupe::Rng;
using troupe::TimePoint;

namespace {

/// A second with `requests` good requests of `service` each.
Interval second(std::uint64_t number, int requests, Duration service = 1ms) {
  Recorder recorder(1);
  const Sample sample{.intended_start = TimePoint{},
                      .start = TimePoint{},
                      .end = TimePoint{service},
                      .message = {},
                      .content_bytes = 100};
  for (int i = 0; i < requests; ++i) recorder.record(sample);
  return recorder.take(number, 10);
}

RunResult finished(RunStatistics& statistics, Duration elapsed) {
  RunResult result;
  statistics.finish(elapsed, result);
  return result;
}

}  // namespace

TEST_CASE("a second's point shows that second and everything so far") {
  RunStatistics statistics({{"get", "GET"}}, {});
  statistics.add(second(0, 10, 1ms));
  const auto point = statistics.add(second(1, 30, 2ms));
  CHECK(point.second == 1);
  CHECK(point.users == 10);
  CHECK(point.requests == 30);
  CHECK(point.rate_per_s == 30);
  CHECK(point.p50 == 2ms);
  CHECK(point.requests_so_far == 40);
  CHECK(point.content_bytes_so_far == 4'000);
  CHECK(point.so_far.min == 1ms);
  CHECK(point.so_far.mean.count() == Approx(1'750));
}

TEST_CASE("ramp and a fixed warm-up are left out of the statistics but not of the series") {
  RunStatistics statistics({{"get", "GET"}}, WarmUp{1500ms}, 1s);
  for (std::uint64_t s = 0; s < 3; ++s) statistics.add(second(s, 1'000, 1s));
  for (std::uint64_t s = 3; s < 5; ++s) statistics.add(second(s, 50, 1ms));
  const auto result = finished(statistics, 5s);
  CHECK(result.run.warm_up == Seconds(3));
  CHECK(result.run.measured == Seconds(2));
  CHECK(result.total.requests == 100);
  CHECK(result.total.rate_per_s == 50);
  CHECK(result.total.response.max == 1ms);
  REQUIRE(result.series.size() == 5);
  CHECK_FALSE(result.series[2].measured);
  CHECK(result.series[3].measured);
}

TEST_CASE("an automatic warm-up leaves out what MSER-5 says, of totals and of failures") {
  RunStatistics statistics({{"get", "GET"}}, WarmUp{std::nullopt}, 2s);
  Rng rng(1);
  for (std::uint64_t s = 0; s < 62; ++s) {
    const bool warm = s >= 12;
    auto interval = second(s, (warm ? 100 : 10) + static_cast<int>(rng.below(5)), warm ? 1ms : 9ms);
    if (!warm) interval.failures.push_back({0, CallOutcome::status, "503", 1});
    statistics.add(std::move(interval));
  }
  const auto result = finished(statistics, 62s);
  CHECK(result.run.warm_up == Seconds(12));
  CHECK(result.run.steady);
  CHECK(result.total.response.max == 1ms);
  CHECK(result.total.requests >= 5'000);
  CHECK(result.total.rate_per_s == Approx(102).margin(2));
  CHECK(result.failures.empty());
  CHECK_FALSE(result.series[11].measured);
  CHECK(result.series[12].measured);
}

TEST_CASE("an automatic warm-up loses nothing of a run longer than what it keeps back") {
  RunStatistics statistics({{"get", "GET"}}, WarmUp{std::nullopt});
  for (std::uint64_t s = 0; s < 300; ++s) statistics.add(second(s, 10));
  const auto result = finished(statistics, 300s);
  CHECK(result.run.steady);
  CHECK(result.total.requests == 3'000);
}

TEST_CASE("a last second cut short has its true rate") {
  RunStatistics statistics({{"get", "GET"}}, {});
  statistics.add(second(0, 100));
  statistics.add(second(1, 50));
  const auto result = finished(statistics, 1500ms);
  CHECK(result.series.back().rate_per_s == Approx(100));
  CHECK(result.total.rate_per_s == Approx(100));
}

TEST_CASE("a run that ended in its warm-up has no statistics, and no division by zero") {
  RunStatistics statistics({{"get", "GET"}}, WarmUp{10s});
  statistics.add(second(0, 100));
  const auto result = finished(statistics, 1s);
  CHECK(result.total.requests == 0);
  CHECK(result.total.rate_per_s == 0);
  CHECK(result.run.measured == Seconds(0));
  CHECK(result.series.size() == 1);
}

TEST_CASE("statistics so far end with the total, over the measured seconds") {
  RunStatistics statistics({{"get", "GET"}, {"list", "GET"}}, WarmUp{1s});
  statistics.add(second(0, 100));
  statistics.add(second(1, 30));
  statistics.add(second(2, 50));
  const auto tasks = statistics.tasks_so_far();
  REQUIRE(tasks.size() == 3);
  CHECK(tasks[0].requests == 80);
  CHECK(tasks[2].requests == 80);
  CHECK(tasks[2].rate_per_s == 40);
}
