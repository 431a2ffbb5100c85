#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>

#include "sim/measure/recorder.hpp"
#include "sim/measure/run_statistics.hpp"
#include "support/random.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::Duration;
using troupe::Rng;
using troupe::TimePoint;

namespace {

const TimePoint run_start{1h};

/// A run of one task, recorded by one worker and added up as it goes on.
struct StatisticsBench {
  explicit StatisticsBench(WarmUp warm_up = {}, Duration ramp = {}, Duration load_end = Duration::max())
      : statistics({{"get", "GET"}}, warm_up, ramp) {
    const auto from = ramp + warm_up.fixed.value_or(Duration{});
    recorder.begin(run_start, {from, from, load_end});
  }

  void record(Duration at, Duration service, CallOutcome outcome = CallOutcome::ok) {
    recorder.record({.intended_start = run_start + at,
                     .due = run_start + at,
                     .start = run_start + at,
                     .end = run_start + at + service,
                     .outcome = outcome,
                     .message = outcome == CallOutcome::ok ? "" : "503",
                     .content_bytes = 100});
  }
  /// So many requests, evenly spread over the second after those before.
  void second(int requests, Duration service = 1ms, CallOutcome outcome = CallOutcome::ok) {
    for (int i = 0; i < requests; ++i)
      record(std::chrono::seconds(seconds) + 900ms * i / requests, service, outcome);
    hand_over(std::chrono::seconds(++seconds));
  }
  void hand_over(Duration until) {
    for (auto& interval : recorder.take_until(run_start + until, 10)) statistics.add(std::move(interval));
  }
  RunResult finish(Duration elapsed) {
    recorder.end_load(run_start + elapsed);
    for (auto& interval : recorder.take_rest(10)) statistics.add(std::move(interval));
    RunResult result;
    statistics.finish(elapsed, result);
    return result;
  }

  Recorder recorder{1};
  RunStatistics statistics;
  int seconds = 0;
};

}  // namespace

TEST_CASE("a second's point shows that second and everything so far") {
  StatisticsBench bench;
  bench.second(10, 1ms);
  bench.second(30, 2ms);
  const auto& point = bench.statistics.last_second();
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

TEST_CASE("a request counts in the rate by its end and in the latencies by its run_start") {
  StatisticsBench bench(WarmUp{1s}, {}, 3s);
  bench.record(500ms, 200ms);   // before the measuring
  bench.record(900ms, 200ms);   // began before: only in the rate
  bench.record(1500ms, 300ms);  // in both
  bench.record(2900ms, 400ms);  // ended after: only in the latencies
  bench.record(2900ms, 500ms, CallOutcome::timed_out);
  const auto result = bench.finish(3s);
  CHECK(result.run.measured == Seconds(2));
  CHECK(result.total.requests == 2);
  CHECK(result.total.rate_per_s == 1);
  CHECK(result.total.good.response.count == 2);
  CHECK(result.total.good.response.min == 300ms);
  CHECK(result.total.good.response.max == 400ms);
  CHECK(result.total.bad.response.count == 1);
  CHECK(result.total.drained == 1);
  CHECK(result.total.drained_unanswered == 1);  // a time-out is no answer
  CHECK(result.total.good_answers() == 3);
  CHECK(result.total.failed == 0);
  REQUIRE(result.failures.size() == 1);  // it happened, if only when the load was over
}

TEST_CASE("ramp and a fixed warm-up are left out to the millisecond, but not of the series") {
  StatisticsBench bench(WarmUp{1350ms}, 1s);
  for (Duration at = 0ms; at < 5s; at += 10ms) bench.record(at, at < 2350ms ? 9ms : 1ms);
  const auto result = bench.finish(5s);
  CHECK(result.run.warm_up == Seconds(2.35));
  CHECK(result.run.measured == Seconds(2.65));
  CHECK(result.total.requests == 265);
  CHECK(result.total.rate_per_s == Approx(100));
  CHECK(result.total.good.response.max == 1ms);
  REQUIRE(result.series.size() == 5);
  CHECK_FALSE(result.series[1].measured);
  CHECK(result.series[2].measured);
  CHECK(result.series[0].requests == 100);
}

TEST_CASE("an automatic warm-up leaves out what MSER-5 says, of totals and of failures") {
  StatisticsBench bench(WarmUp{std::nullopt}, 2s);
  Rng rng(1);
  for (int s = 0; s < 62; ++s) {
    const bool warm = s >= 12;
    if (!warm) bench.record(std::chrono::seconds(s) + 5ms, 1ms, CallOutcome::status);
    bench.second((warm ? 100 : 10) + static_cast<int>(rng.below(5)), warm ? 1ms : 9ms);
  }
  const auto result = bench.finish(62s);
  CHECK(result.run.warm_up == Seconds(12));
  CHECK(result.run.steady == true);
  CHECK(result.total.good.response.max == 1ms);
  CHECK(result.total.requests >= 5'000);
  CHECK(result.total.rate_per_s == Approx(102).margin(2));
  CHECK(result.failures.empty());
  CHECK_FALSE(result.series[11].measured);
  CHECK(result.series[12].measured);
}

TEST_CASE("an automatic warm-up loses nothing of a run longer than what it keeps back") {
  StatisticsBench bench(WarmUp{std::nullopt});
  for (int s = 0; s < 300; ++s) bench.second(10);
  const auto result = bench.finish(300s);
  CHECK(result.run.steady == true);
  CHECK(result.total.requests == 3'000);
  CHECK(result.total.good.response.count == 3'000);
}

TEST_CASE("of a fixed warm-up nobody says that the run was steady") {
  StatisticsBench bench;
  bench.second(10);
  CHECK_FALSE(bench.finish(1s).run.steady.has_value());
}

TEST_CASE("a last second cut short has its true rate") {
  StatisticsBench bench;
  bench.second(100);
  for (int i = 0; i < 50; ++i) bench.record(1s + 10ms * i, 1ms);
  const auto result = bench.finish(1500ms);
  CHECK(result.series.back().rate_per_s == Approx(100));
  CHECK(result.total.rate_per_s == Approx(100));
}

TEST_CASE("a run that ended in its warm-up has no statistics, and no division by zero") {
  StatisticsBench bench(WarmUp{10s});
  bench.second(100);
  const auto result = bench.finish(1s);
  CHECK(result.total.requests == 0);
  CHECK(result.total.rate_per_s == 0);
  CHECK(result.run.measured == Seconds(0));
  CHECK(result.series.size() == 1);
}

TEST_CASE("statistics so far end with the total, over the measured time") {
  StatisticsBench bench(WarmUp{1s});
  bench.second(100);
  bench.second(30);
  bench.second(50);
  const auto tasks = bench.statistics.tasks_so_far();
  REQUIRE(tasks.size() == 2);
  CHECK(tasks[0].requests == 80);
  CHECK(tasks[1].requests == 80);
  CHECK(tasks[1].rate_per_s == 40);
}

TEST_CASE("what was unfinished is told, and is in the percentiles with its age") {
  StatisticsBench bench({}, {}, 1h);
  bench.record(0ms, 10ms);
  bench.recorder.end_load(run_start + 2s);
  for (int i = 0; i < 3; ++i) bench.recorder.record_unfinished(0, run_start + 100ms, run_start + 100ms);
  bench.recorder.record_unfinished(0, run_start + 100ms, std::nullopt);  // nobody sent it
  const auto result = bench.finish(2s);
  CHECK(result.total.requests == 1);
  CHECK(result.total.unfinished == 4);
  CHECK(result.total.good_answers() == result.total.requests);
  CHECK(result.total.oldest_unfinished == 1900ms);
  CHECK(result.total.good.response.count == 5);
  CHECK(result.total.good.response.p50 >= 1900ms);
  CHECK(result.total.good.service.count == 4);
}

TEST_CASE("requests under way: their mean, its error and by how much they grow") {
  StatisticsBench bench;
  for (int i = 0; i < 600; ++i) {
    auto interval = bench.recorder.take_until(run_start + 100ms * (i + 1), 1).at(0);
    interval.busy = std::floor(i / 10.0);
    bench.statistics.add(std::move(interval));
  }
  bench.finish(60s);
  const auto busy = bench.statistics.busy();
  CHECK(busy.mean == Approx(29.5));
  CHECK(busy.growth_per_s == Approx(1).margin(0.01));
  CHECK(busy.standard_error > 1);
}
