#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "sim/measure/recorder.hpp"
#include "support/histogram.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::Duration;
using troupe::Histogram;
using troupe::SparseHistogram;
using troupe::TimePoint;

namespace {

/// A request that was meant to start at 0, started after `lag` and took `service`.
Sample sample(std::size_t task, Duration lag, Duration service, CallOutcome outcome = CallOutcome::ok,
              std::string_view message = {}) {
  return {task, TimePoint{}, TimePoint{lag}, TimePoint{lag + service}, outcome, message, 100};
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
