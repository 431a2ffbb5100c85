#pragma once

#include <array>
#include <chrono>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "sim/measure/recorder.hpp"
#include "sim/measure/run_statistics.hpp"

namespace troupe::sim {

/// Makes up the requests of a `shop` run of 90 s as a real one looks: ramp, warm-up, a slow spell, failures.
class RealisticLoad {
 public:
  explicit RealisticLoad(const std::string& hostile)
      : kinds_{Kind{"list", "GET", 3, 1'400}, Kind{"create", "POST", 2, 2'600}, Kind{"get", "GET", 2, 600},
               Kind{"update", "PUT", 1, 2'900}, Kind{"delete" + hostile, "DELETE", 1, 2'300}} {}

  /// Fills in what the requests add up to.
  void measure(RunResult& out) {
    using namespace std::chrono_literals;
    std::vector<RunStatistics::TaskName> names;
    for (const auto& kind : kinds_) names.push_back({kind.name, kind.method});
    RunStatistics statistics(names, {.fixed = 10s}, 10s);
    Recorder recorder(kinds_.size());
    recorder.begin(start_, {20s, 20s, 90s});
    for (unsigned second = 0; second < 90; ++second) {
      const unsigned users = second < 10 ? (second + 1) * 100 : 1'000;
      record(recorder, second, users);
      for (auto& interval : recorder.take_until(start_ + std::chrono::seconds(second + 1), users))
        statistics.add(std::move(interval));
    }
    for (auto& interval : recorder.take_rest(0)) statistics.add(std::move(interval));
    statistics.finish(90s, out);
  }

 private:
  struct Kind {
    std::string name, method;
    int weight;
    double median_us;
  };

  void record(Recorder& recorder, unsigned second, unsigned users) {
    const auto requests = static_cast<unsigned>(users * (0.5 + 0.02 * normal_(random_)));
    for (unsigned i = 0; i < requests; ++i) {
      auto pick = static_cast<int>(random_() % 9);
      std::size_t task = 0;
      while ((pick -= kinds_[task].weight) >= 0) ++task;
      const auto at = std::chrono::seconds(second) + std::chrono::microseconds(950'000) * i / requests;
      recorder.record(request(task, start_ + at, second >= 56 && second < 61));
    }
  }

  Sample request(std::size_t task, TimePoint intended, bool slow) {
    using namespace std::chrono_literals;
    const double tail = random_() % 200 == 0 ? 12 : 1;
    const double us = kinds_[task].median_us * std::exp(0.45 * normal_(random_)) * tail * (slow ? 6 : 1);
    const auto start = intended + std::chrono::microseconds(random_() % 200);
    const bool timed_out = slow && random_() % 300 == 0, refused = slow && random_() % 90 == 0;
    Sample sample{.task = task,
                  .intended_start = intended,
                  .due = intended,
                  .start = start,
                  .end = start + std::chrono::microseconds(static_cast<int>(us)),
                  .message = {},
                  .content_bytes = 240};
    if (timed_out) {
      sample.end = start + 5s;
      sample.outcome = CallOutcome::timed_out;
      sample.message = "no answer within 5 s";
    } else if (refused) {
      sample.outcome = CallOutcome::status;
      sample.message = "503 Service Unavailable";
    }
    return sample;
  }

  static constexpr TimePoint start_{std::chrono::hours(1)};
  std::array<Kind, 5> kinds_;
  std::mt19937_64 random_{7};
  std::normal_distribution<double> normal_;
};

/// What is known of a realistic run beside its requests. `hostile` as of realistic_result().
inline void describe_realistic_run(RunResult& out, const std::string& hostile) {
  using namespace std::chrono_literals;
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
  out.verdict.worker_cpu = {0.62, 0.57};
  out.verdict.lag_p99 = 199us;
  out.verdict.littles_law = littles_law(1.5, out.total.rate_per_s, out.total.good.service.mean, 0.01);
  out.verdict.user_ceiling = 1612.4;
  out.verdict.notes = {"users and server share the workers" + hostile};
  out.waterfall = {{RequestStage::parse, MeanMicros(14), 40us},
                   {RequestStage::mailbox, MeanMicros(96), 800us},
                   {RequestStage::pool, MeanMicros(210), 3'100us},
                   {RequestStage::sql, MeanMicros(1'310), 9'800us},
                   {RequestStage::serialize, MeanMicros(22), 61us}};
  out.thresholds = {{"p99 > 50ms", static_cast<double>(out.total.good.response.p99.count()), false, true},
                    {"error_rate > 0.1%", out.total.error_rate(), out.total.error_rate() > 0.001, true},
                    {"get.rate < 10" + hostile, 112, false, true}};
}

/// A result with something in every part of it. `hostile` is put wherever a result can hold a text from
/// outside; with it, the run has also ended early and its generator was the bottleneck.
inline RunResult realistic_result(const std::string& hostile = "") {
  RunResult out;
  RealisticLoad(hostile).measure(out);
  for (auto& failure : out.failures) {
    failure.message += hostile;
    failure.sample = FailureSample{"GET /" + hostile, hostile, 503, "A: " + hostile, "busy" + hostile};
  }
  describe_realistic_run(out, hostile);
  out.verdict.saturated = false;
  if (hostile.empty()) return out;
  out.verdict.saturated = true;
  out.verdict.user_ceiling = 0;
  out.verdict.reasons = {"worker 1 was busy for 99 % of the time", "lag p99 is 12 ms" + hostile};
  out.run.steady = false;
  out.run.interrupted = true;
  out.run.target = "http://localhost:8000/" + hostile;
  out.phases = {{"create" + hostile, 500, 499, 1, Seconds(1.25), 400},
                {"read", 500, 500, 0, Seconds(0.75), 666.7}};
  return out;
}

}  // namespace troupe::sim
