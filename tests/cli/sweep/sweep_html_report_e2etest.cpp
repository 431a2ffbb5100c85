#include <unistd.h>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "helpers/sweep_sample.hpp"
#include "support/atomic_file.hpp"
#include "sweep/output/sweep_html.hpp"

using namespace troupe::sweep;
namespace fs = std::filesystem;

namespace {

/// Of a sweep with one repeat a cell, half of whose cells have no figures either.
SweepSample with_unknowns(SweepSample sample) {
  std::size_t i = 0;
  for (auto& cell : sample.summary.cells) {
    for (auto* estimate : {&cell.rate_per_s, &cell.mean_us, &cell.p50_us, &cell.p99_us}) {
      *estimate = {i % 2 == 0 ? unknown : estimate->median, unknown, unknown};
    }
    cell.machine_cpu = unknown;
    cell.waterfall.clear();
    ++i;
  }
  for (auto& curve : sample.summary.curves) {
    if (!curve.usl) continue;
    curve.usl->kappa = {};
    curve.usl->peak_in_flight = curve.usl->peak_rate_per_s = unknown;
  }
  for (auto& recommendation : sample.summary.recommendations) {
    recommendation.regret = unknown;
    recommendation.too_noisy = true;
    recommendation.repeats_needed = 3;
  }
  return sample;
}

SweepSample with_law_refuted(SweepSample sample) {
  for (auto& curve : sample.summary.curves) {
    curve.usl->misfit = 0.23;
    curve.usl->lack_of_fit_p = 1e-7;
    curve.usl->describes = false;
    curve.usl->peak_in_flight = curve.usl->peak_rate_per_s = unknown;
    curve.knee = 20;
    curve.knee_note = "knee at 20 in flight (Kneedle alone: USL does not describe this server)";
  }
  return sample;
}

/// Of a service that is not ours: an axis of its own, and neither workers nor stages.
SweepSample with_outside_service(SweepSample sample) {
  const auto turn = [](Configuration& configuration) {
    configuration.settings = {{"axis.pool", configuration.settings.at("database.pool_size")}};
    configuration.workers = configuration.connections = 0;
  };
  for (auto& cell : sample.summary.cells) {
    turn(cell.cell.configuration);
    cell.waterfall.clear();
    cell.worker_cpu = cell.rows_per_statement = 0;
    cell.service_cpus = 1.25;
  }
  for (auto& curve : sample.summary.curves) turn(curve.configuration);
  for (auto& recommendation : sample.summary.recommendations) {
    turn(*recommendation.best);
    turn(*recommendation.cheapest);
  }
  sample.sweep.info.axes = {{"axis.pool", {"1", "4"}}, {"users", {"1", "8", "64", "256"}}};
  sample.sweep.info.service.emplace().axes = {"axis.pool"};
  return sample;
}

SweepSample with_nothing_found(SweepSample sample) {
  for (auto& recommendation : sample.summary.recommendations) {
    recommendation.best = recommendation.cheapest = std::nullopt;
    recommendation.words = {"No configuration can be recommended: in every cell more than 1 % failed."};
  }
  return sample;
}

}  // namespace

TEST_CASE("a sweep's report opens in a browser: heat maps, curves and tables, also with hostile texts") {
  const auto folder = fs::temp_directory_path() / ("troupe_sweep_html_e2etest_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const auto write = [&](const std::string& name, const SweepSample& sample) {
    const auto html = html_report(sample.sweep, sample.summary);
    REQUIRE(troupe::write_file(folder / (name + ".html"), html).has_value());
  };
  const std::string hostile = " <img src=x onerror=alert(1)> </script><b>&amp;";
  const SampleAxes one{
      .pool_sizes = {4}, .connection_actors = {"8"}, .batching = {"off"}, .loads = {{64, 0}}};
  const SampleAxes rates{.workloads = {{"mixed", "http"}, {"mixed", "direct"}},
                         .batching = {"coalesce"},
                         .loads = {{0, 1'000}, {0, 5'000}, {0, 20'000}}};
  const SampleAxes models{.models = {"event-loop", "threads", "prefork", "actors"},
                          .pool_sizes = {4},
                          .connection_actors = {"8"},
                          .batching = {"off"}};
  const SampleAxes few{.pool_sizes = {1, 4}, .connection_actors = {"8"}};
  write("sweep", sweep_sample());
  write("hostile", sweep_sample({.models = {"actors", "event-loop" + hostile}, .workers = {1, 2}}, hostile));
  write("models", sweep_sample(models));
  write("rates", sweep_sample(rates));
  write("one", sweep_sample(one));
  write("unknown", with_unknowns(sweep_sample(few)));
  write("refuted", with_law_refuted(sweep_sample(few)));
  write("outside", with_outside_service(sweep_sample(
                       {.pool_sizes = {1, 4}, .connection_actors = {"8"}, .batching = {"off"}})));
  write("none", with_nothing_found(sweep_sample(few)));
  write("nothing", {});

  const std::string script = TROUPE_SOURCE_DIR "/web/test/sweep_report_test.mjs";
  const auto status = std::system(("REPORTS='" + folder.string() + "' node '" + script + "'").c_str());
  CHECK(status == 0);  // its output, one line per check, says what failed
  if (status == 0 && std::getenv("KEEP_REPORTS") == nullptr) fs::remove_all(folder);
}
