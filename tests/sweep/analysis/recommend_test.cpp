#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "helpers/sweep_samples.hpp"
#include "sweep/analysis/recommend.hpp"
#include "sweep/analysis/summarize.hpp"

using namespace troupe;
using namespace troupe::sweep;
using namespace troupe::tests;

namespace {

std::string words(const Recommendation& recommendation) {
  std::string out;
  for (const auto& line : recommendation.words) out += line + "\n";
  return out;
}

std::string pool_size(const std::optional<Configuration>& configuration) {
  REQUIRE(configuration);
  return configuration->settings.at("database.pool_size");
}

std::vector<Cell> pools(const std::vector<std::uint64_t>& sizes, const std::vector<std::uint64_t>& users) {
  std::vector<Cell> out;
  for (const auto size : sizes) {
    for (const auto count : users) out.push_back(sweep_cell(size, count));
  }
  return out;
}

Recommendation only(const Sweep& sweep) {
  const auto summary = summarize(sweep);
  REQUIRE(summary.recommendations.size() == 1);
  return summary.recommendations.front();
}

}  // namespace

TEST_CASE("a database that serialises yields: pool size 1 is enough") {
  const auto sweep = sweep_of(pools({1, 2, 4, 8, 16}, {1, 8, 64}), 5, 0.01, [](const Cell& cell) {
    const double under_way = static_cast<double>(std::min(cell.load.users, cell.configuration.connections));
    return std::min(1.0, under_way) / 500e-6;
  });
  const auto answer = only(sweep);
  CAPTURE(words(answer));
  REQUIRE(pool_size(answer.cheapest) == "1");
  REQUIRE_THAT(words(answer), Catch::Contains("pool size 1 is enough"));
  REQUIRE(answer.regret < 0.04);
  REQUIRE_FALSE(answer.too_noisy);
  REQUIRE(answer.ratio.median == Approx(1).margin(0.03));
}

TEST_CASE("a database of fixed latency without contention yields the pool of Little's law") {
  const auto sweep = sweep_of(pools({1, 2, 4, 8, 16}, {8}), 5, 0.01, [](const Cell& cell) {
    return static_cast<double>(std::min(cell.load.users, cell.configuration.connections)) / 5e-3;
  });
  auto with_sql = sweep;
  for (auto& repeat : with_sql.repeats) repeat.waterfall[2].mean = sim::MeanMicros(5'000);
  const auto answer = only(with_sql);
  CAPTURE(words(answer));
  REQUIRE(pool_size(answer.cheapest) == "8");
  REQUIRE_THAT(words(answer), Catch::Contains("of SQL = 8") && Catch::Contains("over 8 connections"));
  REQUIRE_THAT(words(answer), !Catch::Contains("pool size 1 is enough"));
  REQUIRE_FALSE(answer.too_noisy);
}

TEST_CASE("the recommendation comes first and names its figures and the best one's") {
  const auto sweep = sweep_of(pools({4, 8}, {8, 64}), 5, 0.001, [](const Cell& cell) {
    return (cell.configuration.connections == 8 ? 42'000.0 : 41'500.0) * (cell.load.users == 8 ? 0.5 : 1);
  });
  const auto answer = only(sweep);
  CAPTURE(words(answer));
  REQUIRE(pool_size(answer.best) == "8");
  REQUIRE(pool_size(answer.cheapest) == "4");
  REQUIRE(answer.load.users == 64);
  REQUIRE_THAT(answer.words.at(0), Catch::StartsWith("Run actors pool_size=4: 41,"));
  REQUIRE_THAT(answer.words.at(0), Catch::Contains("requests/s at 64 users (95 % interval 41,"));
  REQUIRE_THAT(answer.words.at(1), Catch::Contains("cheapest within 3 % of the best, actors pool_size=8"));
  REQUIRE(answer.ratio.low <= answer.ratio.median);
  REQUIRE(answer.ratio.median == Approx(41.5 / 42).epsilon(0.002));
}

TEST_CASE("a configuration more than 3 % behind is not taken for being cheap") {
  const auto sweep = sweep_of(pools({1, 8}, {64}), 5, 0.002, [](const Cell& cell) {
    return cell.configuration.connections == 8 ? 1'000.0 : 950.0;
  });
  const auto answer = only(sweep);
  REQUIRE(pool_size(answer.cheapest) == "8");
  REQUIRE(answer.best == answer.cheapest);
  REQUIRE_THAT(answer.words.at(1), Catch::Contains("also the fastest"));
}

TEST_CASE("of equally many connections fewer workers are cheaper") {
  auto few = sweep_cell(4, 8);
  auto many = few;
  few.configuration.workers = 1;
  few.configuration.settings["workers.count"] = "1";
  many.configuration.settings["workers.count"] = "2";
  const auto sweep = sweep_of({few, many}, 5, 0.002, [&](const Cell& cell) {
    return cell.configuration.workers == 1 ? 990.0 : 1'000.0;
  });
  REQUIRE(only(sweep).cheapest == few.configuration);
}

TEST_CASE("a drifting machine favours nobody: configurations are compared round by round") {
  auto sweep = sweep_of(pools({4, 8}, {64}), 6, 0.002, [](const Cell& cell) {
    return cell.configuration.connections == 8 ? 1'000.0 : 900.0;
  });
  for (auto& repeat : sweep.repeats) repeat.rate_per_s *= std::exp(-0.2 * static_cast<double>(repeat.round));
  const auto answer = only(sweep);
  CAPTURE(words(answer));
  REQUIRE(pool_size(answer.cheapest) == "8");
  REQUIRE_FALSE(answer.too_noisy);
  REQUIRE(answer.regret == 0);
}

TEST_CASE("cells with more than 1 % errors never win") {
  auto sweep = sweep_of(pools({4, 8}, {64}), 4, 0.001, [](const Cell& cell) {
    return cell.configuration.connections == 8 ? 2'000.0 : 1'000.0;
  });
  for (auto& repeat : sweep.repeats) {
    if (repeat.cell.configuration.connections == 8) repeat.failed = repeat.requests / 50;
  }
  const auto answer = only(sweep);
  REQUIRE(pool_size(answer.best) == "4");
  REQUIRE_THAT(answer.words.at(1), Catch::Contains("only configuration that worked"));
}

TEST_CASE("when no cell works it says so, and which came closest") {
  auto sweep = sweep_of(pools({4, 8}, {64}), 3, 0.001, [](const Cell&) { return 1'000.0; });
  for (auto& repeat : sweep.repeats) {
    repeat.failed = repeat.cell.configuration.connections == 8 ? repeat.requests : repeat.requests / 4;
  }
  const auto answer = only(sweep);
  REQUIRE_FALSE(answer.best);
  REQUIRE_FALSE(answer.cheapest);
  REQUIRE_THAT(words(answer), Catch::Contains("No configuration worked") && Catch::Contains("pool_size=4"));
}

TEST_CASE("too much noise is said to be too much, with the repeats that would do") {
  // Rates and noise by hand: log ratios of the two spread by about 0.3.
  Sweep sweep;
  const std::vector<double> of_four{1'000, 1'300, 800, 1'100};
  const std::vector<double> of_eight{1'200, 900, 1'000, 1'150};
  for (std::uint64_t round = 0; round < 4; ++round) {
    sweep.repeats.push_back(sweep_repeat(sweep_cell(4, 64), round, of_four[round]));
    sweep.repeats.push_back(sweep_repeat(sweep_cell(8, 64), round, of_eight[round]));
  }
  const auto answer = only(sweep);
  CAPTURE(words(answer));
  REQUIRE(answer.too_noisy);
  REQUIRE(answer.repeats_needed > 100);
  REQUIRE(answer.repeats_needed < 1'000);
  REQUIRE_THAT(words(answer),
               Catch::Contains("too noisy") &&
                   Catch::Contains(std::to_string(answer.repeats_needed) + " repeats would do") &&
                   Catch::Contains("4 were made"));
}

TEST_CASE("noise that cannot change the choice is no reason to complain") {
  const auto sweep = sweep_of(pools({4, 8}, {64}), 5, 0.05, [](const Cell& cell) {
    return cell.configuration.connections == 8 ? 3'000.0 : 1'000.0;
  });
  const auto answer = only(sweep);
  CAPTURE(words(answer));
  REQUIRE_FALSE(answer.too_noisy);
  REQUIRE(answer.regret == 0);
}

TEST_CASE("one repeat cannot tell how sure it is, and says so") {
  const auto sweep = sweep_of(pools({4, 8}, {64}), 1, 0, [](const Cell& cell) {
    return 1'000.0 * static_cast<double>(cell.configuration.connections);
  });
  const auto answer = only(sweep);
  CAPTURE(words(answer));
  REQUIRE(pool_size(answer.cheapest) == "8");
  REQUIRE(std::isnan(answer.regret));
  REQUIRE(answer.repeats_needed == 3);
  REQUIRE_FALSE(answer.too_noisy);
  REQUIRE_THAT(words(answer),
               Catch::Contains("cannot be told from one repeat") && Catch::Contains("3 repeats"));
}

TEST_CASE("a sweep of one configuration recommends it without a word of doubt") {
  const auto sweep = sweep_of(pools({4}, {8, 64}), 3, 0.3, [](const Cell&) { return 1'000.0; });
  const auto answer = only(sweep);
  REQUIRE_FALSE(answer.too_noisy);
  REQUIRE(answer.repeats_needed == 0);
  REQUIRE_THAT(answer.words.at(1), Catch::Contains("only configuration that was measured"));
}

TEST_CASE("each workload has an answer of its own") {
  auto cells = pools({4, 8}, {64});
  for (auto cell : pools({4, 8}, {64})) {
    cell.workload.transport = "http";
    cells.push_back(cell);
  }
  const auto sweep = sweep_of(cells, 4, 0.001, [](const Cell& cell) {
    return (cell.configuration.connections == 8) == (cell.workload.transport == "http") ? 2'000.0 : 1'000.0;
  });
  const auto recommendations = summarize(sweep).recommendations;
  REQUIRE(recommendations.size() == 2);
  REQUIRE(recommendations[0].workload.transport == "direct");
  REQUIRE(pool_size(recommendations[0].cheapest) == "4");
  REQUIRE(pool_size(recommendations[1].cheapest) == "8");
}

namespace {

/// Pool 2 keeps up to 1,000/s, pools 4 and 8 to 2,000/s, nobody with 4,000/s; p99 is 2 ms with pool 4, else
/// `p99_of_8`.
Sweep open_sweep(sim::Micros p99_of_8) {
  std::vector<Cell> cells;
  for (const std::uint64_t size : {2, 4, 8}) {
    for (const double rate : {1'000.0, 2'000.0, 4'000.0}) {
      auto cell = sweep_cell(size, 0);
      cell.load.arrival_rate_per_s = rate;
      cells.push_back(cell);
    }
  }
  auto sweep = sweep_of(cells, 5, 0, [](const Cell& cell) {
    return std::min(cell.load.arrival_rate_per_s, cell.configuration.connections == 2 ? 1'100.0 : 2'500.0);
  });
  for (auto& repeat : sweep.repeats) {
    repeat.p99 = repeat.cell.configuration.connections == 8 ? p99_of_8 : sim::Micros(2'000);
    repeat.p99 += sim::Micros(repeat.round);
  }
  return sweep;
}

}  // namespace

TEST_CASE("of arrival rates the highest that was kept up with counts, and there the lowest p99") {
  const auto answer = only(open_sweep(sim::Micros(1'000)));
  CAPTURE(words(answer));
  REQUIRE(answer.load.arrival_rate_per_s == 2'000);
  REQUIRE(pool_size(answer.best) == "8");
  REQUIRE(pool_size(answer.cheapest) == "8");
  REQUIRE(answer.goal == "lowest p99 at the highest rate that was kept up with");
  REQUIRE(name_of(answer.bottleneck.kind) == "the load");
  REQUIRE_THAT(answer.words.at(0), Catch::Contains("p99 1.00 ms at 2,000 arrivals/s"));
}

TEST_CASE("a p99 within 3 % of the best is as good") {
  const auto answer = only(open_sweep(sim::Micros(1'960)));
  REQUIRE(pool_size(answer.best) == "8");
  REQUIRE(pool_size(answer.cheapest) == "4");
  REQUIRE(answer.ratio.median == Approx(1.02).epsilon(0.001));
}

TEST_CASE("chance arrivals below the rate are not taken for a server that did not keep up") {
  auto cell = sweep_cell(2, 0);
  cell.load.arrival_rate_per_s = 200;
  const double answered = GENERATE(194.0, 150.0);
  auto sweep = sweep_of({cell}, 3, 0, [&](const Cell&) { return answered; });
  for (auto& repeat : sweep.repeats) repeat.offered_per_s = 195;  // of 200, by chance
  REQUIRE(only(sweep).best.has_value() == (answered > 190));
}

TEST_CASE("when no arrival rate was kept up with it says so") {
  auto cell = sweep_cell(2, 0);
  cell.load.arrival_rate_per_s = 2'000;
  const auto answer = only(sweep_of({cell}, 3, 0, [](const Cell&) { return 500.0; }));
  REQUIRE_FALSE(answer.best);
  REQUIRE_THAT(words(answer),
               Catch::Contains("No configuration kept up") && Catch::Contains("500/s of 2,000"));
}

namespace {

/// Of a service that is not ours: by its axes, written with the one that costs most first.
Sweep service_sweep(const std::vector<std::string>& order) {
  std::vector<Cell> cells;
  for (const std::string pool : {"4", "8", "16"}) {
    for (const std::string workers : {"1", "2"}) {
      Cell cell;
      cell.workload = {"get", "http"};
      cell.configuration.settings = {{"axis.pool", pool}, {"axis.workers", workers}};
      cell.load.users = 32;
      cells.push_back(cell);
    }
  }
  // One worker with 8, or two with 4, are enough.
  auto sweep = sweep_of(cells, 5, 0.002, [](const Cell& cell) {
    const auto& settings = cell.configuration.settings;
    return 100.0 * std::min(8, std::stoi(settings.at("axis.pool")) * std::stoi(settings.at("axis.workers")));
  });
  sweep.info.axes = {{"axis.pool", {"4", "8", "16"}}, {"axis.workers", {"1", "2"}}, {"users", {"32"}}};
  sweep.info.service.emplace();
  sweep.info.service->axes = order;
  for (auto& repeat : sweep.repeats) {
    repeat.waterfall.clear();
    repeat.service_cpu_s = 1.5;
  }
  return sweep;
}

}  // namespace

TEST_CASE(
    "of an outside service the cheapest is the smallest by its axes, the first one given deciding first") {
  const auto pool_first = only(service_sweep({"axis.pool", "axis.workers"}));
  CAPTURE(words(pool_first));
  CHECK(describe(*pool_first.cheapest) == "pool=4 workers=2");
  const auto workers_first = only(service_sweep({"axis.workers", "axis.pool"}));
  CAPTURE(words(workers_first));
  CHECK(describe(*workers_first.cheapest) == "pool=8 workers=1");
}

TEST_CASE("the words on an outside service speak of its axes and of what it used") {
  const auto answer = only(service_sweep({"axis.workers", "axis.pool"}));
  const auto text = words(answer);
  CHECK_THAT(text, Catch::Contains("Run pool=8 workers=1: "));
  CHECK_THAT(text, Catch::Contains("The service used 0.500 CPUs, ") &&
                       Catch::Contains(" of CPU time to a good answer."));
  CHECK_THAT(text, !Catch::Contains("connection") && !Catch::Contains("the workers"));
  if (answer.best != answer.cheapest)
    CHECK_THAT(text, Catch::Contains("It is the cheapest (by workers, then pool) within 3 % of the best"));
}

TEST_CASE("texts of an axis cost by their place in the list that was given") {
  SweepInfo info;
  info.service.emplace();
  info.service->axes = {"axis.disk"};
  info.axes["axis.disk"] = {"slow", "fast", "9"};
  Configuration configuration;
  configuration.settings["axis.disk"] = "fast";
  CHECK(sizes_of(configuration, info) == std::vector<double>{1});
  info.axes["axis.disk"] = {"30", "9"};
  configuration.settings["axis.disk"] = "9";
  CHECK(sizes_of(configuration, info) == std::vector<double>{9});
}
