#pragma once

#include <chrono>

#include "sim/result/results.hpp"

namespace troupe::sim {

inline RunInfo sample_run() {
  return {.command = "troupe simulate --users 200",
          .settings = {{"database.pool_size", "4"}, {"workers.count", "2"}},
          .scenario = "shop",
          .transport = "http",
          .target = "http://localhost:8000",
          .database = "embedded PostgreSQL",
          .workload = {"closed", 200, 0, "", {{Seconds(10), 200}, {Seconds(20), 200}}, Seconds(2)},
          .seed = 18'000'000'000'000'000'000U,
          .started_at_unix_s = 1'700'000'000,
          .started_at = "2023-11-14T22:13:20Z",
          .elapsed = Seconds(30.5),
          .measured = Seconds(20.5),
          .warm_up = Seconds(10),
          .steady = false,
          .interrupted = true,
          .versions = {{"troupe", "0.1.0"}},
          .host = {"Some CPU", 2, 24'000'000'000, "Linux 6.1"}};
}

/// A small result in which every field is filled, for the tests of files and tables.
inline RunResult sample_result() {
  using namespace std::chrono_literals;
  Histogram response, other;
  for (int i = 1; i <= 1000; ++i) response.record(std::chrono::microseconds(i * 100));
  other.record(7us, 1000);
  RunResult out;
  out.run = sample_run();
  TaskStats list{.name = "list, all",
                 .method = "GET",
                 .requests = 1000,
                 .failed = 3,
                 .timed_out = 1,
                 .late = 2,
                 .dropped = 4,
                 .drained = 5,
                 .drained_wrong = 2,
                 .drained_unanswered = 1,
                 .unfinished = 6,
                 .oldest_unfinished = 7ms,
                 .content_bytes = 50'000,
                 .wanted_share = 0.75,
                 .rate_per_s = 48.75,
                 .good_per_s = 48.625,
                 .failures_per_s = 0.125,
                 .good = {latency_stats(response), latency_stats(other), latency_stats(other)},
                 .bad = {latency_stats(other), latency_stats(other), latency_stats(other)}};
  TaskStats idle{.name = "create", .method = "POST"};
  out.tasks = {list, idle};
  out.total = list;
  out.total.name = "Aggregated";
  out.total.method = "";
  SeriesPoint point;
  point.second = 3;
  point.measured = true;
  point.users = 200;
  point.requests = 50;
  point.failed = 5;
  point.rate_per_s = 50;
  point.mean = MeanMicros(1'234.5);
  point.p99 = 9ms;
  point.requests_so_far = 1000;
  point.failed_so_far = 6;
  point.content_bytes_so_far = 50'000;
  point.so_far = summarize(response);
  out.series = {SeriesPoint{}, point};
  out.failures = {{"list, all", "GET", "status", "503 \"busy\"", 3,
                   FailureSample{"GET / HTTP/1.1\nHost: a", "x", 503, "A: b", "<busy>"}}};
  out.verdict = {true,
                 {"lag p99 is 12 ms"},
                 {0.99, 0.5},
                 {0.25, 0.125},
                 0.4,
                 12ms,
                 littles_law(1.5, 98, 20ms, 0.01),
                 OpenLoad{100, 98, 12, 0.5}};
  out.waterfall = {{RequestStage::parse, MeanMicros(3.5), 9us}, {RequestStage::sql, MeanMicros(120), 300us}};
  out.thresholds = {{"p99 > 50ms", 99'000, true, true}, {"rate < 10", 48.75, false, true}};
  out.phases = {{"create", 500, 499, 1, Seconds(1.25), 400}};
  return out;
}

}  // namespace troupe::sim
