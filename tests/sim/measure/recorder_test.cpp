#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <string>

#include "sim/measure/recorder.hpp"
#include "sim/measure/run_record.hpp"
#include "support/distributions.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::Duration;
using troupe::Histogram;
using troupe::Rng;
using troupe::SparseHistogram;
using troupe::TimePoint;

namespace {

/// A request that was meant to start at 0, started after `lag` and took `service`.
Sample sample(std::size_t task, Duration lag, Duration service, CallOutcome outcome = CallOutcome::ok,
              std::string_view message = {}) {
  return {task, TimePoint{}, TimePoint{lag}, TimePoint{lag + service}, outcome, message, 100};
}

/// A second with `requests` good requests of `service` each.
Interval second(std::uint64_t number, int requests, Duration service = 1ms) {
  Recorder recorder(1);
  for (int i = 0; i < requests; ++i) recorder.record(sample(0, 0s, service));
  return recorder.take(number, 10);
}

RunResult finished(RunRecord& record, Duration elapsed) {
  RunResult result;
  record.finish(elapsed, result);
  return result;
}

}  // namespace

TEST_CASE("response time runs from the intended start, service time from the actual one") {
  Recorder recorder(2);
  recorder.record(sample(1, 500ms, 20ms));
  const auto interval = recorder.take(3, 42);
  REQUIRE(interval.second == 3);
  REQUIRE(interval.users == 42);
  REQUIRE(interval.tasks[0].finished() == 0);
  const auto& task = interval.tasks[1];
  REQUIRE(task.response.max_us == 520'000);
  REQUIRE(task.service.max_us == 20'000);
  REQUIRE(task.lag.max_us == 500'000);
  REQUIRE(task.content_bytes == 100);
}

TEST_CASE("outcomes are told apart, and every finished request is in the histograms") {
  Recorder recorder(1);
  recorder.record(sample(0, 0s, 1ms));
  recorder.record(sample(0, late_after, 1ms));
  recorder.record(sample(0, late_after + 1us, 1ms, CallOutcome::status, "503"));
  recorder.record(sample(0, 0s, 5s, CallOutcome::timed_out, "no answer in 5 s"));
  recorder.record_dropped(0);
  recorder.record_dropped(0);
  const auto task = recorder.take(0, 0).tasks[0];
  CHECK(task.ok == 2);
  CHECK(task.failed == 2);
  CHECK(task.timed_out == 1);
  CHECK(task.late == 1);
  CHECK(task.dropped == 2);
  CHECK(Histogram::from(task.response)->count() == 4);
}

TEST_CASE("taking a second leaves an empty recorder behind") {
  Recorder recorder(1);
  recorder.record(sample(0, 20ms, 1ms, CallOutcome::check, "no name"));
  recorder.record_dropped(0);
  recorder.take(0, 1);
  const auto next = recorder.take(1, 1);
  CHECK(next.failures.empty());
  CHECK(next.tasks[0].finished() + next.tasks[0].dropped + next.tasks[0].late + next.tasks[0].content_bytes ==
        0);
  CHECK(next.tasks[0].response == SparseHistogram{});
  CHECK(next.tasks[0].lag == SparseHistogram{});
}

TEST_CASE("failures are counted by task, kind and message") {
  Recorder recorder(2);
  for (int i = 0; i < 3; ++i) recorder.record(sample(0, 0s, 1ms, CallOutcome::status, "500"));
  recorder.record(sample(1, 0s, 1ms, CallOutcome::status, "500"));
  recorder.record(sample(0, 0s, 1ms, CallOutcome::check, "500"));
  REQUIRE(recorder.take(0, 0).failures == std::vector<FailureCount>{{0, CallOutcome::status, "500", 3},
                                                                    {1, CallOutcome::status, "500", 1},
                                                                    {0, CallOutcome::check, "500", 1}});
}

TEST_CASE("a flood of different failures is bounded, and none is lost") {
  Recorder recorder(1);
  for (int i = 0; i < 1'000; ++i)
    recorder.record(sample(0, 0s, 1ms, CallOutcome::status, "error " + std::to_string(i)));
  const auto failures = recorder.take(0, 0).failures;
  REQUIRE(failures.size() == max_distinct_failures + 1);
  REQUIRE(failures.back() == FailureCount{0, CallOutcome::status, "other", 1'000 - max_distinct_failures});
}

TEST_CASE("the parts of several workers add up") {
  Recorder a(2), b(2);
  a.record(sample(0, 0s, 1ms));
  b.record(sample(0, 0s, 3ms, CallOutcome::connection, "refused"));
  b.record(sample(1, 0s, 2ms));
  a.record_dropped(1);
  auto merged = a.take(5, 10);
  merge(merged, b.take(5, 20));
  CHECK(merged.users == 30);
  CHECK(merged.tasks[0].ok == 1);
  CHECK(merged.tasks[0].failed == 1);
  CHECK(merged.tasks[0].response.min_us == 1'000);
  CHECK(merged.tasks[0].response.max_us == 3'000);
  CHECK(merged.tasks[1].finished() == 1);
  CHECK(merged.tasks[1].dropped == 1);
  CHECK(merged.failures == std::vector<FailureCount>{{0, CallOutcome::connection, "refused", 1}});
}

TEST_CASE("a second's point shows that second and everything so far") {
  RunRecord record({{"get", "GET"}}, {});
  record.add(second(0, 10, 1ms));
  const auto point = record.add(second(1, 30, 2ms));
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
  RunRecord record({{"get", "GET"}}, WarmUp{1500ms}, 1s);
  for (std::uint64_t s = 0; s < 3; ++s) record.add(second(s, 1'000, 1s));
  for (std::uint64_t s = 3; s < 5; ++s) record.add(second(s, 50, 1ms));
  const auto result = finished(record, 5s);
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
  RunRecord record({{"get", "GET"}}, WarmUp{std::nullopt}, 2s);
  Rng rng(1);
  for (std::uint64_t s = 0; s < 62; ++s) {
    const bool warm = s >= 12;
    auto interval = second(s, (warm ? 100 : 10) + static_cast<int>(rng.below(5)), warm ? 1ms : 9ms);
    if (!warm) interval.failures.push_back({0, CallOutcome::status, "503", 1});
    record.add(std::move(interval));
  }
  const auto result = finished(record, 62s);
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
  RunRecord record({{"get", "GET"}}, WarmUp{std::nullopt});
  for (std::uint64_t s = 0; s < 300; ++s) record.add(second(s, 10));
  const auto result = finished(record, 300s);
  CHECK(result.run.steady);
  CHECK(result.total.requests == 3'000);
}

TEST_CASE("a last second cut short has its true rate") {
  RunRecord record({{"get", "GET"}}, {});
  record.add(second(0, 100));
  record.add(second(1, 50));
  const auto result = finished(record, 1500ms);
  CHECK(result.series.back().rate_per_s == Approx(100));
  CHECK(result.total.rate_per_s == Approx(100));
}

TEST_CASE("a run that ended in its warm-up has no statistics, and no division by zero") {
  RunRecord record({{"get", "GET"}}, WarmUp{10s});
  record.add(second(0, 100));
  const auto result = finished(record, 1s);
  CHECK(result.total.requests == 0);
  CHECK(result.total.rate_per_s == 0);
  CHECK(result.run.measured == Seconds(0));
  CHECK(result.series.size() == 1);
}

TEST_CASE("statistics so far end with the total, over the measured seconds") {
  RunRecord record({{"get", "GET"}, {"list", "GET"}}, WarmUp{1s});
  record.add(second(0, 100));
  record.add(second(1, 30));
  record.add(second(2, 50));
  const auto tasks = record.tasks_so_far();
  REQUIRE(tasks.size() == 3);
  CHECK(tasks[0].requests == 80);
  CHECK(tasks[2].requests == 80);
  CHECK(tasks[2].rate_per_s == 40);
}

TEST_CASE("Little's law gives the users that rate and times account for") {
  const auto law = littles_law(100, 50, 20ms, 1'980ms);
  CHECK(law.expected_users == Approx(100));
  CHECK(law.deviation == Approx(0).margin(1e-12));
  CHECK(littles_law(200, 50, 20ms, 1'980ms).deviation == Approx(-0.5));
  CHECK(littles_law(0, 50, 20ms, 1s).deviation == 0);
}
