#pragma once

#include <array>
#include <chrono>
#include <cmath>
#include <random>

#include "sim/measure/run_statistics.hpp"

namespace troupe::sim {

/// A `shop` run of 90 s as a real one looks: ramp, warm-up, a slow spell, failures. `hostile` is put wherever
/// a result can hold a text from outside.
inline RunResult realistic_result(const std::string& hostile = "") {
  using namespace std::chrono_literals;
  struct Kind {
    std::string name, method;
    int weight;
    double median_us;
  };
  const std::array kinds{Kind{"list", "GET", 3, 1'400}, Kind{"create", "POST", 2, 2'600},
                         Kind{"get", "GET", 2, 600}, Kind{"update", "PUT", 1, 2'900},
                         Kind{"delete" + hostile, "DELETE", 1, 2'300}};
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  std::vector<RunStatistics::TaskName> names;
  for (const auto& kind : kinds) names.push_back({kind.name, kind.method});
  RunStatistics statistics(names, {.fixed = 10s}, 10s);

  const auto finish_one = [&](Recorder& recorder, std::size_t task, bool slow) {
    const double tail = random() % 200 == 0 ? 12 : 1;
    const double us = kinds[task].median_us * std::exp(0.45 * normal(random)) * tail * (slow ? 6 : 1);
    const TimePoint intended{1h};
    const auto start = intended + std::chrono::microseconds(random() % 200);
    const bool timed_out = slow && random() % 300 == 0, refused = slow && random() % 90 == 0;
    recorder.record({.task = task,
                     .intended_start = intended,
                     .start = start,
                     .end = start + (timed_out ? 5s : std::chrono::microseconds(static_cast<int>(us))),
                     .outcome = timed_out ? CallOutcome::timed_out
                                : refused ? CallOutcome::status
                                          : CallOutcome::ok,
                     .message = timed_out ? "no answer within 5 s"
                                : refused ? "503 Service Unavailable"
                                          : "",
                     .content_bytes = 240});
  };
  for (unsigned second = 0; second < 90; ++second) {
    const unsigned users = second < 10 ? (second + 1) * 100 : 1'000;
    Recorder recorder(kinds.size());
    const auto requests = static_cast<unsigned>(users * (0.5 + 0.02 * normal(random)));
    for (unsigned i = 0; i < requests; ++i) {
      auto pick = static_cast<int>(random() % 9);
      std::size_t task = 0;
      while ((pick -= kinds[task].weight) >= 0) ++task;
      finish_one(recorder, task, second >= 56 && second < 61);
    }
    statistics.add(recorder.take(second, users));
  }

  RunResult out;
  out.run.command =
      "troupe simulate --scenario shop --users 1000 --duration 90s --fail-if 'p99 > 50ms'" + hostile;
  out.run.settings = {
      {"database.batching", "coalesce"}, {"database.pool_size", "4" + hostile}, {"workers.count", "2"}};
  out.run.scenario = "shop" + hostile;
  out.run.transport = "http";
  out.run.workload = {"closed", 1000, 0, "", {{Seconds(10), 1000}, {Seconds(80), 1000}}, Seconds(2)};
  out.run.seed = 12'345'678'901'234'567'891U;
  out.run.started_at_unix_s = 1'760'000'000;
  out.run.started_at = "2025-10-09T08:53:20Z";
  out.run.versions = {{"PostgreSQL", "15.14"}, {"troupe", "0.1.0"}};
  out.run.host = {"AMD EPYC 7B13" + hostile, 2, 8'589'934'592, "Linux 6.1.0"};
  statistics.finish(90s, out);
  for (auto& failure : out.failures) failure.message += hostile;
  out.verdict.worker_cpu = {0.62, 0.57};
  out.verdict.lag_p99 = 199us;
  out.verdict.littles_law = littles_law(1000, out.total.rate_per_s, out.total.response.mean, 2s);
  out.verdict.user_ceiling = 1612.4;
  out.verdict.notes = {"users and server share the workers" + hostile};
  out.waterfall = {{RequestStage::parse, MeanMicros(14), 40us},
                   {RequestStage::mailbox, MeanMicros(96), 800us},
                   {RequestStage::pool, MeanMicros(210), 3'100us},
                   {RequestStage::sql, MeanMicros(1'310), 9'800us},
                   {RequestStage::serialize, MeanMicros(22), 61us}};
  out.thresholds = {{"p99 > 50ms", static_cast<double>(out.total.response.p99.count()), false},
                    {"error_rate > 0.1%", out.total.error_rate(), out.total.error_rate() > 0.001},
                    {"get.rate < 10" + hostile, 112, false}};
  if (!hostile.empty()) {
    out.verdict.saturated = true;
    out.verdict.user_ceiling = 0;
    out.verdict.reasons = {"worker 1 was busy for 99 % of the time", "lag p99 is 12 ms" + hostile};
    out.run.steady = false;
    out.run.interrupted = true;
    out.run.target = "http://localhost:8000/" + hostile;
    out.phases = {{"create" + hostile, 500, 499, 1, Seconds(1.25), 400},
                  {"read", 500, 500, 0, Seconds(0.75), 666.7}};
  }
  return out;
}

}  // namespace troupe::sim
