#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "helpers/sweep_samples.hpp"
#include "sweep/analysis/summarize.hpp"

using namespace troupe::sweep;
using namespace troupe::tests;

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

}  // namespace

TEST_CASE("cells come in order, with medians and intervals over their repeats") {
  const auto sweep = sweep_of({sweep_cell(16, 8), sweep_cell(8, 64), sweep_cell(8, 8)}, 5, 0.02,
                              [](const Cell&) { return 1'000.0; });
  const auto summary = summarize(sweep);
  REQUIRE(summary.cells.size() == 3);
  REQUIRE(summary.cells[0].cell == sweep_cell(8, 8));
  REQUIRE(summary.cells[1].cell == sweep_cell(8, 64));
  REQUIRE(summary.cells[2].cell == sweep_cell(16, 8));
  std::vector<double> rates;
  for (const auto& repeat : sweep.repeats) {
    if (repeat.cell == sweep_cell(8, 8)) rates.push_back(repeat.rate_per_s);
  }
  std::sort(rates.begin(), rates.end());
  const auto& first = summary.cells[0];
  REQUIRE(first.repeats == 5);
  REQUIRE(first.rate_per_s.median == rates[2]);
  REQUIRE(first.rate_per_s.low < rates[2]);
  REQUIRE(first.rate_per_s.high > rates[2]);
  REQUIRE(first.worker_cpu == 0.3);
  REQUIRE(first.waterfall.size() == 3);
  REQUIRE(first.waterfall[2].stage == troupe::sim::RequestStage::sql);
  REQUIRE(first.waterfall[2].mean_us == 500);
  REQUIRE(summary.notes.empty());
}

TEST_CASE("there is a curve for each configuration, over its loads") {
  const auto sweep = sweep_of({sweep_cell(4, 1), sweep_cell(4, 64), sweep_cell(8, 64), sweep_cell(4, 8)}, 2,
                              0.01, [](const Cell&) { return 1'000.0; });
  const auto curves = summarize(sweep).curves;
  REQUIRE(curves.size() == 2);
  REQUIRE(curves[0].configuration == sweep_cell(4, 1).configuration);
  REQUIRE(curves[0].cells == std::vector<std::uint64_t>{0, 1, 2});
  REQUIRE(curves[1].cells == std::vector<std::uint64_t>{3});
  REQUIRE_FALSE(curves[1].usl);
  REQUIRE_THAT(curves[1].usl_note, Catch::Contains("4 different loads") && Catch::Contains("is 1"));
}

TEST_CASE("a summary is the same each time") {
  const auto sweep = sweep_of({sweep_cell(1, 1), sweep_cell(1, 4), sweep_cell(1, 16), sweep_cell(1, 64),
                               sweep_cell(2, 1), sweep_cell(2, 4), sweep_cell(2, 16), sweep_cell(2, 64)},
                              4, 0.05, [](const Cell& cell) {
                                return 900.0 * static_cast<double>(cell.load.users) /
                                       (1 + 0.1 * static_cast<double>(cell.load.users));
                              });
  const auto a = summarize(sweep);
  const auto b = summarize(sweep);
  REQUIRE(a.recommendations[0].words == b.recommendations[0].words);
  REQUIRE(a.recommendations[0].expected.low == b.recommendations[0].expected.low);
  REQUIRE(a.curves[0].usl.value().sigma.low == b.curves[0].usl.value().sigma.low);
}

TEST_CASE("a round that was recorded twice counts once, as recorded last") {
  Sweep sweep;
  sweep.repeats = {sweep_repeat(sweep_cell(1, 8), 0, 1'000), sweep_repeat(sweep_cell(1, 8), 0, 2'000)};
  const auto summary = summarize(sweep);
  REQUIRE(summary.cells.at(0).repeats == 1);
  REQUIRE(summary.cells.at(0).rate_per_s.median == 2'000);
}

TEST_CASE("notes tell of cells that failed, that the generator held back, and that lack repeats") {
  auto sweep = sweep_of({sweep_cell(1, 8), sweep_cell(2, 8), sweep_cell(4, 8)}, 3, 0.01,
                        [](const Cell&) { return 1'000.0; });
  for (auto& repeat : sweep.repeats) {
    if (repeat.cell == sweep_cell(1, 8)) repeat.failed = repeat.requests / 50;
  }
  sweep.repeats[1].saturated = true;
  sweep.repeats.pop_back();
  const auto summary = summarize(sweep);
  const auto notes = joined(summary.notes);
  REQUIRE_THAT(notes, Catch::Contains("1 of 3 cells failed more than 1.0 %"));
  REQUIRE_THAT(notes, Catch::Contains("In 1 of 3 cells the load generator was the bottleneck"));
  REQUIRE_THAT(notes, Catch::Contains("1 of 3 cells have fewer than 3 repeats"));
  REQUIRE(summary.cells[0].error_rate == Approx(0.02).epsilon(0.05));
  REQUIRE(summary.cells[1].saturated);
}

TEST_CASE("a sweep without a repeat says that nothing was measured") {
  const auto summary = summarize(Sweep{});
  REQUIRE(summary.cells.empty());
  REQUIRE(summary.recommendations.empty());
  REQUIRE_THAT(joined(summary.notes), Catch::Contains("Nothing was measured"));
}

TEST_CASE("open loads get no USL, and it says why") {
  auto cell = sweep_cell(4, 0);
  std::vector<Cell> cells;
  for (const double rate : {100.0, 200.0, 300.0, 400.0, 500.0}) {
    cell.load.arrival_rate_per_s = rate;
    cells.push_back(cell);
  }
  const auto sweep = sweep_of(cells, 3, 0, [](const Cell& c) { return c.load.arrival_rate_per_s; });
  const auto curve = summarize(sweep).curves.at(0);
  REQUIRE_FALSE(curve.usl);
  REQUIRE_FALSE(curve.knee);
  REQUIRE_THAT(curve.usl_note, Catch::Contains("arrival rate"));
}
