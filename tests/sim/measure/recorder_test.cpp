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

const TimePoint recording_start{1h};

/// A request that was meant to recording_start `at` after the recording_start of the run, started after `lag`
/// and took `service`.
Sample sample(std::size_t task, Duration at, Duration lag, Duration service,
              CallOutcome outcome = CallOutcome::ok, std::string_view message = {}) {
  const auto intended = recording_start + at;
  return {task, intended, intended, intended + lag, intended + lag + service, outcome, message, 100};
}

Recorder recorder_of(std::size_t tasks, IntervalEdges edges = {}) {
  Recorder recorder(tasks);
  recorder.begin(recording_start, edges);
  return recorder;
}

std::uint64_t count_of(const SparseHistogram& histogram) {
  return Histogram::from(histogram).value().count();
}

}  // namespace

TEST_CASE("response time runs from the intended recording_start, service time from the actual one") {
  auto recorder = recorder_of(2);
  recorder.record(sample(1, 0ms, 50ms, 20ms));
  const auto intervals = recorder.take_until(recording_start + 100ms, 42);
  REQUIRE(intervals.size() == 1);
  CHECK(intervals[0].users == 42);
  CHECK(intervals[0].tasks[0].finished() == 0);
  const auto& task = intervals[0].tasks[1];
  CHECK(task.good.response.max_us == 70'000);
  CHECK(task.good.service.max_us == 20'000);
  CHECK(task.good.lag.max_us == 50'000);
  CHECK(task.content_bytes == 100);
}

TEST_CASE("outcomes are told apart, and failures have distributions of their own") {
  auto recorder = recorder_of(1);
  recorder.record(sample(0, 0s, 0s, 1ms));
  recorder.record(sample(0, 0s, late_after, 1ms));
  recorder.record(sample(0, 0s, late_after + 1us, 1ms, CallOutcome::status, "503"));
  recorder.record(sample(0, 0s, 0s, 50ms, CallOutcome::timed_out, "no answer in 50 ms"));
  recorder.record_dropped(0, recording_start + 60ms);
  recorder.record_dropped(0, recording_start + 60ms);
  const auto task = recorder.take_rest(0).at(0).tasks[0];
  CHECK(task.ok == 2);
  CHECK(task.failed == 2);
  CHECK(task.timed_out == 1);
  CHECK(task.late == 1);
  CHECK(task.dropped == 2);
  CHECK(count_of(task.good.response) == 2);
  CHECK(count_of(task.bad.response) == 2);
  CHECK(task.good.service.max_us == 1'000);
  CHECK(task.bad.service.max_us == 50'000);
}

TEST_CASE("what is recorded belongs to the interval of its end, whenever somebody looks") {
  auto recorder = recorder_of(1);
  recorder.record(sample(0, 10ms, 0ms, 5ms));
  recorder.record(sample(0, 110ms, 0ms, 5ms));
  recorder.record(sample(0, 350ms, 0ms, 5ms));
  const auto intervals = recorder.take_until(recording_start + 520ms, 0);
  REQUIRE(intervals.size() == 5);
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    CHECK(intervals[i].begin == static_cast<int>(i) * 100ms);
    CHECK(intervals[i].end == static_cast<int>(i + 1) * 100ms);
    CHECK(intervals[i].tasks[0].ok == (i == 0 || i == 1 || i == 3 ? 1 : 0));
  }
  CHECK(recorder.take_until(recording_start + 599ms, 0).empty());
}

TEST_CASE("intervals end where the measuring begins and where the load ends") {
  auto recorder = recorder_of(1, {.measured_from = 250ms, .measured_by = 250ms, .load_end = 420ms});
  const auto intervals = recorder.take_until(recording_start + 10s, 0);
  std::vector<Duration> ends;
  for (const auto& interval : intervals) ends.push_back(interval.end);
  CHECK(ends == std::vector<Duration>{100ms, 200ms, 250ms, 300ms, 400ms, 420ms});
  const auto rest = recorder.take_rest(0);
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].drained);
  CHECK(rest[0].begin == 420ms);
}

TEST_CASE("a request over two intervals counts in the second, and its times know when it began") {
  auto recorder = recorder_of(1);
  recorder.record(sample(0, 90ms, 1ms, 30ms));
  recorder.record(sample(0, 150ms, 0ms, 70ms, CallOutcome::status, "500"));
  const auto intervals = recorder.take_until(recording_start + 300ms, 0);
  CHECK(intervals[0].tasks[0].finished() == 0);
  CHECK(intervals[1].tasks[0].ok == 1);
  CHECK(count_of(intervals[1].tasks[0].good.response) == 0);
  REQUIRE(intervals[1].stragglers.size() == 1);
  CHECK(intervals[1].stragglers[0].start == 90ms);
  CHECK(intervals[1].stragglers[0].response == 31ms);
  CHECK(intervals[1].stragglers[0].service == 30ms);
  REQUIRE(intervals[2].stragglers.size() == 1);
  CHECK_FALSE(intervals[2].stragglers[0].good);
}

TEST_CASE("what ends after the load is drained, and in no other interval") {
  auto recorder = recorder_of(1, {.load_end = 150ms});
  recorder.record(sample(0, 100ms, 0ms, 49ms));
  recorder.record(sample(0, 100ms, 0ms, 5s));
  const auto intervals = recorder.take_rest(0);
  REQUIRE(intervals.size() == 3);
  CHECK(intervals[1].tasks[0].ok == 1);
  CHECK(intervals[2].drained);
  CHECK(intervals[2].tasks[0].ok == 1);
  CHECK(intervals[2].stragglers.at(0).response == 5s);
}

TEST_CASE("a load that is ended early is drained from then on, and what hangs is told with its age") {
  auto recorder = recorder_of(1, {.load_end = 1h});
  recorder.record(sample(0, 0ms, 0ms, 10ms));
  recorder.end_load(recording_start + 2s);
  recorder.record(sample(0, 1s, 0ms, 1500ms));
  recorder.record_unfinished(0, recording_start + 500ms, recording_start + 600ms);
  const auto intervals = recorder.take_rest(0);
  const auto& last = intervals.back();
  REQUIRE(last.drained);
  CHECK(last.begin == 2s);
  CHECK(last.tasks[0].ok == 1);
  CHECK(last.tasks[0].unfinished == 1);
  CHECK(last.tasks[0].oldest_unfinished == 1500ms);
  REQUIRE(last.stragglers.size() == 2);
  CHECK(last.stragglers[1].response == 1500ms);
  CHECK(last.stragglers[1].service == 1400ms);
}

TEST_CASE("taking an interval leaves an empty recorder behind") {
  auto recorder = recorder_of(1);
  recorder.record(sample(0, 0ms, 20ms, 1ms, CallOutcome::check, "no name"));
  recorder.record_dropped(0, recording_start);
  recorder.take_until(recording_start + 100ms, 1);
  const auto next = recorder.take_until(recording_start + 200ms, 1).at(0);
  CHECK(next.failures.empty());
  CHECK(next.tasks[0].finished() + next.tasks[0].dropped + next.tasks[0].late + next.tasks[0].content_bytes ==
        0);
  CHECK(next.tasks[0].bad.response == SparseHistogram{});
}

TEST_CASE("the parts of several workers add up") {
  auto a = recorder_of(2), b = recorder_of(2);
  a.record(sample(0, 0s, 0s, 1ms));
  b.record(sample(0, 0s, 0s, 3ms, CallOutcome::connection, "refused"));
  b.record(sample(1, 0s, 0s, 2ms));
  a.record_dropped(1, recording_start);
  auto merged = a.take_until(recording_start + 100ms, 0).at(0);
  merge(merged, b.take_until(recording_start + 100ms, 0).at(0));
  CHECK(merged.tasks[0].ok == 1);
  CHECK(merged.tasks[0].failed == 1);
  CHECK(merged.tasks[0].good.response.max_us == 1'000);
  CHECK(merged.tasks[0].bad.response.max_us == 3'000);
  CHECK(merged.tasks[1].finished() == 1);
  CHECK(merged.tasks[1].dropped == 1);
  CHECK(merged.failures == std::vector<FailureCount>{{0, CallOutcome::connection, "refused", 1}});
}

TEST_CASE("failures are counted by task, kind and message") {
  auto recorder = recorder_of(2);
  for (int i = 0; i < 3; ++i) recorder.record(sample(0, 0s, 0s, 1ms, CallOutcome::status, "500"));
  recorder.record(sample(1, 0s, 0s, 1ms, CallOutcome::status, "500"));
  recorder.record(sample(0, 0s, 0s, 1ms, CallOutcome::check, "500"));
  REQUIRE(recorder.take_rest(0).at(0).failures ==
          std::vector<FailureCount>{{0, CallOutcome::status, "500", 3},
                                    {1, CallOutcome::status, "500", 1},
                                    {0, CallOutcome::check, "500", 1}});
}

TEST_CASE("a flood of different failures is bounded, and none is lost") {
  auto recorder = recorder_of(1);
  for (int i = 0; i < 1'000; ++i)
    recorder.record(sample(0, 0s, 0s, 1ms, CallOutcome::status, "error " + std::to_string(i)));
  const auto failures = recorder.take_rest(0).at(0).failures;
  REQUIRE(failures.size() == max_distinct_failures + 1);
  REQUIRE(failures.back() == FailureCount{0, CallOutcome::status, "other", 1'000 - max_distinct_failures});
}

TEST_CASE("answers are counted by their status, and those that are not as demanded apart") {
  auto recorder = recorder_of(1);
  const auto answer = [](int status, CallOutcome outcome) {
    auto out = sample(0, 0s, 0s, 1ms, outcome);
    out.status = status;
    return out;
  };
  recorder.record(answer(200, CallOutcome::ok));
  recorder.record(answer(200, CallOutcome::check));
  recorder.record(answer(503, CallOutcome::status));
  recorder.record(answer(0, CallOutcome::connection));
  recorder.record(answer(1'234, CallOutcome::status));  // nothing that HTTP has
  auto first = recorder.take_until(recording_start + 100ms, 0).at(0);
  CHECK(first.statuses == std::vector<StatusCount>{{200, 2}, {503, 1}, {599, 1}});
  CHECK(first.tasks[0].wrong == 3);
  auto later = answer(204, CallOutcome::ok);
  later.end = recording_start + 150ms;
  recorder.record(later);
  const auto second = recorder.take_rest(0).at(0);
  CHECK(second.statuses == std::vector<StatusCount>{{204, 1}});
  CHECK(second.tasks[0].wrong == 0);
  merge(first, second);
  CHECK(first.statuses == std::vector<StatusCount>{{200, 2}, {204, 1}, {503, 1}, {599, 1}});
}
