#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "sweep/analysis/summary.hpp"

namespace troupe::sweep {

/// What a sample sweep varies; an axis of one value is not swept.
struct SampleAxes {
  std::vector<Workload> workloads{{"mixed", "http"}};
  std::vector<std::string> models{""};
  std::vector<std::uint64_t> workers{2};
  std::vector<std::uint64_t> pool_sizes{1, 2, 4, 8, 16};
  std::vector<std::string> connection_actors{"1", "8", "per-connection"};
  std::vector<std::string> batching{"coalesce", "pipeline", "off"};
  std::vector<Load> loads{{1, 0}, {8, 0}, {64, 0}, {256, 0}};
};

struct SweepSample {
  Sweep sweep;  ///< without its repeats
  Summary summary;
};

/// Makes a sweep's answer as a real one looks, without summarize(): the report is to show any summary.
class SampleMaker {
 public:
  /// `hostile` is put wherever a sweep can hold a text from outside.
  SampleMaker(SampleAxes axes, std::string hostile) : axes_(std::move(axes)), hostile_(std::move(hostile)) {}

  SweepSample make() {
    fill_info();
    for (const auto& workload : axes_.workloads) add_workload(workload);
    if (!hostile_.empty()) out_.summary.notes.push_back("3 cells had errors" + hostile_);
    return std::move(out_);
  }

 private:
  static constexpr double lambda = 3'100;

  /// Of the law by which the sample scales.
  struct Scaling {
    double lambda, sigma, kappa;
    double rate_at(double n) const { return lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1)); }
  };

  Scaling scaling_of(const Configuration& configuration) const {
    const auto starts_with = [&](const char* key, const std::string& text) {
      return configuration.settings.at(key).rfind(text, 0) == 0;
    };
    const bool off = starts_with("database.batching", "off");
    const double contention = off ? 0.16 : starts_with("database.batching", "pipeline") ? 0.075 : 0.055;
    const auto pool = static_cast<double>(configuration.connections);
    const bool one_actor = configuration.settings.at("server.connection_actors") == "1" + hostile_;
    return {lambda * (one_actor ? 0.86 : 1),
            contention / std::min(1.6, 1 + (pool - 1) * 0.2) *
                std::sqrt(2.0 / static_cast<double>(configuration.workers)),
            1e-6 * pool + (off ? 2e-5 : 4e-6)};
  }

  double noise(double width) { return 1 + width * std::uniform_real_distribution<>(-1, 1)(random_); }
  static Estimate around(double median, double width = 0.02) {
    return {median, median * (1 - width), median * (1 + width)};
  }

  void fill_info() {
    auto& info = out_.sweep.info;
    info.command =
        "troupe sweep --pool-size 1,2,4,8,16 --connection-actors 1,8,per-connection --duration 3s" + hostile_;
    info.started_at = "2026-11-22T15:06:07Z";
    info.seed = 12'345'678'901'234'567'891U;
    info.repeats = 5;
    info.duration = sim::Seconds(3);
    info.warm_up = sim::Seconds(0.5);
    info.axes["database.batching"] = named(axes_.batching);
    info.axes["server.connection_actors"] = named(axes_.connection_actors);
    info.axes["model"] = axes_.models;
    info.constraints = {"pool_size <= 8 * workers" + hostile_};
    auto& test_bed = info.test_bed;
    test_bed.host = {"Intel(R) Xeon(R) Processor" + hostile_, 2, 25'232'932'864U, "Linux 6.18.44"};
    test_bed.versions = {{"git_commit", "e550db3"}, {"postgresql", "15.14"}, {"troupe", "0.1.0"}};
    test_bed.postgresql_settings = {{"fsync", "on"}, {"shared_buffers", "128MB" + hostile_}};
    test_bed.database = "embedded PostgreSQL";
    test_bed.settings = {{"database.max_batch", "512" + hostile_}, {"workers.count", "2"}};
    test_bed.notes = {"the machine was shared with others" + hostile_};
  }

  std::vector<std::string> named(std::vector<std::string> values) const {
    for (auto& value : values) value += hostile_;
    return values;
  }

  void add_workload(const Workload& workload) {
    const auto first = out_.summary.cells.size();
    for (const auto& model : axes_.models) {
      for (const auto workers : axes_.workers) {
        for (const auto pool : axes_.pool_sizes) {
          for (const auto& actors : axes_.connection_actors) {
            for (const auto& batching : axes_.batching) {
              if (pool == 16 && actors == "1") continue;  // as a constraint would leave cells out
              Configuration configuration{model, {}, workers, pool};
              configuration.settings = {{"database.batching", batching + hostile_},
                                        {"database.pool_size", std::to_string(pool)},
                                        {"server.connection_actors", actors + hostile_}};
              if (axes_.workers.size() > 1) {
                configuration.settings["workers.count"] = std::to_string(workers);
              }
              add_curve(workload, configuration);
            }
          }
        }
      }
    }
    recommend(workload, first);
  }

  void add_curve(const Workload& workload, const Configuration& configuration) {
    const auto scaling = scaling_of(configuration);
    Curve curve;
    curve.workload = workload;
    curve.configuration = configuration;
    for (const auto& load : axes_.loads) {
      curve.cells.push_back(out_.summary.cells.size());
      add_cell({workload, configuration, load}, scaling);
    }
    if (axes_.loads.size() < 4) {
      curve.usl_note = "fewer than 4 loads";
    } else {
      UslFit fit{around(scaling.lambda), around(scaling.sigma, 0.1), around(scaling.kappa, 0.3), 0.021, 0.34};
      fit.peak_in_flight = std::sqrt((1 - scaling.sigma) / scaling.kappa);
      fit.peak_rate_per_s = scaling.rate_at(fit.peak_in_flight);
      curve.usl = fit;
      curve.knee = fit.peak_rate_per_s / scaling.lambda;
    }
    curve.knee_note = curve.knee ? "knee at " + std::to_string(std::lround(*curve.knee)) + " in flight"
                                 : "no knee found: too few loads";
    curve.knee_note += hostile_;
    out_.summary.curves.push_back(std::move(curve));
  }

  void add_cell(const Cell& cell, const Scaling& scaling) {
    const double n = (cell.load.users > 0 ? static_cast<double>(cell.load.users)
                                          : cell.load.arrival_rate_per_s / scaling.lambda) *
                     noise(0.04);
    const double rate = scaling.rate_at(n) * noise(0.02), mean_us = n / rate * 1e6;
    const bool batched = cell.configuration.settings.at("database.batching").rfind("coalesce", 0) == 0;
    CellSummary out;
    out.cell = cell;
    out.repeats = 5;
    out.rate_per_s = around(rate);
    out.mean_us = around(mean_us);
    out.p50_us = around(mean_us * 0.86);
    out.p99_us = around(mean_us * 2.6 * noise(0.1));
    out.in_flight = n;
    out.error_rate = cell.configuration.connections == 1 && cell.load.users == 256 && !batched ? 0.031 : 0;
    out.worker_cpu = std::min(0.97, 0.2 + rate / 60'000);
    out.machine_cpu = std::min(0.99, 0.4 + rate / 60'000);
    out.rows_per_statement = batched ? 1 + n / 12 : 1;
    out.waterfall = {{sim::RequestStage::parse, 6},
                     {sim::RequestStage::mailbox, mean_us * 0.1},
                     {sim::RequestStage::pool,
                      mean_us * 0.2 / std::sqrt(static_cast<double>(cell.configuration.connections))},
                     {sim::RequestStage::sql, mean_us * (batched ? 0.55 : 0.4)},
                     {sim::RequestStage::serialize, 5}};
    out_.summary.cells.push_back(std::move(out));
  }

  void recommend(const Workload& workload, std::size_t first) {
    const auto& cells = out_.summary.cells;
    const auto slower = [](const CellSummary& a, const CellSummary& b) {
      return a.rate_per_s.median < b.rate_per_s.median;
    };
    const auto begin = cells.begin() + static_cast<std::ptrdiff_t>(first);
    const auto fastest = std::max_element(begin, cells.end(), slower);
    if (fastest == cells.end()) return;
    Recommendation out;
    out.workload = workload;
    out.goal = "highest rate";
    out.load = fastest->cell.load;
    const auto cheapest = std::find_if(begin, cells.end(), [&](const CellSummary& one) {
      return one.cell.load == fastest->cell.load &&
             one.rate_per_s.median >= 0.97 * fastest->rate_per_s.median;
    });  // cells stand by rising pool size
    out.best = fastest->cell.configuration;
    out.best_cell = static_cast<std::uint64_t>(fastest - cells.begin());
    out.cheapest = cheapest->cell.configuration;
    out.cheapest_cell = static_cast<std::uint64_t>(cheapest - cells.begin());
    out.ratio = around(1);
    out.expected = fastest->rate_per_s;
    out.regret = 0.024;
    out.contenders = 2;
    out.bottleneck = {BottleneckKind::machine_cpu, "the machine was 98 % busy, the workers 74 %"};
    out.words = {
        "Run pool_size=4 connection_actors=8 batching=coalesce: 75,700 requests/s at 256 users (95 % "
        "interval 74,200–77,200), p99 8.41 ms." +
            hostile_,
        "It is the cheapest within 3 % of the best, pool_size=8 connection_actors=8 batching=coalesce, which "
        "reached 77,900/s." +
            hostile_,
        "What limits it: the CPUs of the machine, 98 % busy; the workers were 74 % busy.",
        "How sure: it is at most 2.4 % slower than the best of all that were measured (95 %).",
        "Knee at 25 requests in flight: beyond it latency grows faster than the rate."};
    out_.summary.recommendations.push_back(std::move(out));
  }

  SampleAxes axes_;
  std::string hostile_;
  SweepSample out_;
  std::mt19937 random_{7};
};

inline SweepSample sweep_sample(SampleAxes axes = {}, std::string hostile = "") {
  return SampleMaker(std::move(axes), std::move(hostile)).make();
}

}  // namespace troupe::sweep
