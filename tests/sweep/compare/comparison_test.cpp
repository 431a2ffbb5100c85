#include "sweep/compare/comparison.hpp"
#include "sweep/compare/comparison_text.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "helpers/sweep_samples.hpp"
#include "support/distributions.hpp"
#include "sweep/analysis/statistics.hpp"

using namespace troupe;
using namespace troupe::sweep;
using namespace troupe::tests;

namespace {

const std::vector<Cell> few_cells{sweep_cell(1, 8), sweep_cell(4, 8), sweep_cell(4, 64), sweep_cell(16, 64)};

double flat_rate(const Cell& cell) {
  return 1'000.0 * static_cast<double>(cell.configuration.connections);
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

bool no_difference_throughout(const Comparison& comparison) {
  return std::all_of(comparison.rows.begin(), comparison.rows.end(),
                     [](const ComparisonRow& row) { return row.judgement == Judgement::no_difference; });
}

const ComparisonRow& row_of(const Comparison& comparison, const std::string& metric) {
  const auto found = std::find_if(comparison.rows.begin(), comparison.rows.end(),
                                  [&](const ComparisonRow& row) { return row.metric == metric; });
  REQUIRE(found != comparison.rows.end());
  return *found;
}

/// What a shared machine does to repeats: a drift from round to round that all cells see, a few percent of
/// noise, now and then a repeat that something else disturbed (a checkpoint, a neighbour), and p99s that
/// jump.
void disturb(Sweep& sweep, Rng& rng) {
  double drift = 0;
  std::uint64_t round = 0;
  for (auto& repeat : sweep.repeats) {
    if (repeat.round != round) drift += 0.01 * rng.normal();
    round = repeat.round;
    const bool disturbed = rng.uniform() < 0.1;
    repeat.rate_per_s *= std::exp(drift) * (disturbed ? 0.6 + 0.3 * rng.uniform() : 1);
    // Pareto: the tail of a tail.
    const double tail = std::min(50.0, std::pow(1 - rng.uniform(), -1 / 1.5));
    repeat.p99 = sim::Micros(std::llround(static_cast<double>(repeat.p99.count()) * tail));
  }
}

/// Rounds drawn with replacement.
Sweep redrawn(const Sweep& from, std::uint64_t rounds, Rng& rng) {
  Sweep out;
  out.info = from.info;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const auto drawn = rng.below(from.info.repeats);
    for (auto repeat : from.repeats) {
      if (repeat.round != drawn) continue;
      repeat.round = round;
      out.repeats.push_back(std::move(repeat));
    }
  }
  return out;
}

int trials_without_difference(const Sweep& from, std::uint64_t rounds, std::uint64_t seed) {
  int out = 0;
  for (std::uint64_t trial = 0; trial < 100; ++trial) {
    auto rng = Rng(seed, RandomStream::curve_bootstrap, trial);
    const auto a = redrawn(from, rounds, rng);
    const auto b = redrawn(from, rounds, rng);
    out += no_difference_throughout(compare(a, b));
  }
  return out;
}

}  // namespace

TEST_CASE("two sweeps of one configuration compare as no difference in at least 95 of 100 bootstrap trials") {
  const bool heavy_tailed = GENERATE(false, true);
  const std::uint64_t repeats = GENERATE(3, 5);
  const std::uint64_t seed = GENERATE(1, 2, 3);
  auto from = sweep_of(few_cells, 20, 0.03, flat_rate, seed);
  Rng rng(seed);
  if (heavy_tailed) disturb(from, rng);
  CAPTURE(heavy_tailed, repeats, seed);
  REQUIRE(trials_without_difference(from, repeats, seed) >= 95);
}

TEST_CASE("a true drop of 10 % is found through 2 % of noise by five repeats, and is a regression at 5 %") {
  const auto a = sweep_of(few_cells, 5, 0.02, flat_rate, 1);
  const auto b = sweep_of(
      few_cells, 5, 0.02, [](const Cell& cell) { return 0.8 * flat_rate(cell); }, 2);
  SECTION("in one cell") {
    const std::uint64_t seed = GENERATE(range<std::uint64_t>(1, 20));
    const auto before = sweep_of({few_cells[0]}, 5, 0.02, flat_rate, seed);
    const auto after = sweep_of(
        {few_cells[0]}, 5, 0.02, [](const Cell& cell) { return 0.9 * flat_rate(cell); }, seed + 100);
    const auto comparison = compare(before, after);
    REQUIRE(row_of(comparison, "rate_per_s").judgement == Judgement::worse);
    REQUIRE(row_of(comparison, "p99_us").judgement == Judgement::worse);
    REQUIRE(row_of(comparison, "rate_per_s").change.median == Approx(-0.1).margin(0.04));
    REQUIRE(row_of(compare(after, before), "rate_per_s").judgement == Judgement::better);
  }
  SECTION("20 % among four cells") {
    const auto comparison = compare(a, b);
    REQUIRE(has_regression(comparison, 0.05));
    REQUIRE_FALSE(has_regression(comparison, 0.3));
    REQUIRE_FALSE(has_regression(compare(b, a), 0));
    REQUIRE_THAT(joined_lines(comparison.notes), Catch::Contains("all rates together changed by"));
    REQUIRE_THAT(text_table(comparison, 0.05), Catch::Contains("REGRESSION"));
    REQUIRE_THAT(text_table(comparison, 0.3), !Catch::Contains("REGRESSION"));
  }
}

TEST_CASE("a drop of 1 % is no regression at a tolerance of 5 %, even where there is no noise") {
  const double noise = GENERATE(0.02, 0.0);
  const auto a = sweep_of(few_cells, 5, noise, flat_rate, 1);
  const auto b = sweep_of(
      few_cells, 5, noise, [](const Cell& cell) { return 0.99 * flat_rate(cell); }, 2);
  const auto comparison = compare(a, b);
  REQUIRE_FALSE(has_regression(comparison, 0.05));
  if (noise == 0) REQUIRE(has_regression(comparison, 0));
}

TEST_CASE("what the clock cannot tell apart is no difference") {
  Sweep a, b;
  for (std::uint64_t round = 0; round < 5; ++round) {
    a.repeats.push_back(sweep_repeat(few_cells[0], round, 50'000));
    b.repeats.push_back(a.repeats.back());
    a.repeats.back().p50 = sim::Micros(96);
    b.repeats.back().p50 = sim::Micros(97);
    a.repeats.back().p99 = sim::Micros(96);
    b.repeats.back().p99 = sim::Micros(98);
  }
  const auto comparison = compare(a, b);
  REQUIRE(row_of(comparison, "p50_us").judgement == Judgement::no_difference);
  REQUIRE(row_of(comparison, "p99_us").judgement == Judgement::worse);
}

TEST_CASE("only the same cells are compared, and the others are listed") {
  const auto a = sweep_of({few_cells[0], few_cells[1]}, 3, 0.01, flat_rate);
  const auto b = sweep_of({few_cells[1], few_cells[2]}, 3, 0.01, flat_rate);
  const auto comparison = compare(a, b);
  REQUIRE(comparison.rows.size() == 3);
  REQUIRE(comparison.rows[0].what == describe(few_cells[1]));
  REQUIRE(comparison.only_a == std::vector{describe(few_cells[0])});
  REQUIRE(comparison.only_b == std::vector{describe(few_cells[2])});
  const auto nothing = compare(a, Sweep{});
  REQUIRE(nothing.rows.empty());
  REQUIRE_THAT(joined_lines(nothing.notes), Catch::Contains("no cell in common"));
  REQUIRE_THAT(text_table(nothing, 0.05), Catch::Contains("0 figures") && Catch::Contains("Only in a:"));
}

TEST_CASE("with one repeat a difference is not known") {
  const auto a = sweep_of(few_cells, 1, 0, flat_rate);
  const auto b = sweep_of(
      few_cells, 5, 0.01, [](const Cell& cell) { return 0.5 * flat_rate(cell); }, 2);
  const auto comparison = compare(a, b);
  for (const auto& row : comparison.rows) REQUIRE(row.judgement == Judgement::not_known);
  REQUIRE(comparison.rows[0].change.median == Approx(-0.5).margin(0.05));
  REQUIRE_FALSE(has_regression(comparison, 0.05));
  REQUIRE_THAT(joined_lines(comparison.notes),
               Catch::Contains("12 rows cannot be judged: it takes two repeats"));
}

TEST_CASE("what else differs between two sweeps is noted") {
  auto a = sweep_of(few_cells, 3, 0.01, flat_rate, 1);
  auto b = sweep_of(few_cells, 3, 0.01, flat_rate, 2);
  a.info.test_bed.host.cpu = "old CPU";
  b.info.test_bed.host.cpu = "new CPU";
  a.info.test_bed.versions["PostgreSQL"] = "15.6";
  b.info.test_bed.versions["PostgreSQL"] = "16.1";
  b.info.test_bed.postgresql_settings["fsync"] = "off";
  b.info.duration = std::chrono::seconds(5);
  b.repeats[0].saturated = true;
  const auto notes = joined_lines(compare(a, b).notes);
  REQUIRE_THAT(notes, Catch::Contains("different CPU: old CPU and new CPU"));
  REQUIRE_THAT(notes, Catch::Contains("different version of PostgreSQL: 15.6 and 16.1"));
  REQUIRE_THAT(notes, Catch::Contains("different PostgreSQL setting fsync: (none) and off"));
  REQUIRE_THAT(notes, Catch::Contains("different duration of a repeat: 3.00 s and 5.00 s"));
  REQUIRE_THAT(notes, Catch::Contains("generator was the bottleneck in b"));
  REQUIRE_THAT(joined_lines(compare(a, a).notes), !Catch::Contains("different"));
}

TEST_CASE("the text names each cell once and every figure of it") {
  const auto a = sweep_of({few_cells[0]}, 3, 0, flat_rate);
  const auto text = text_table(compare(a, a), 0.05);
  REQUIRE_THAT(text,
               Catch::Contains("mixed over direct, actors pool_size=1, 8 users\n  rate  1,000/s  1,000/s"));
  REQUIRE_THAT(text, Catch::Contains("3 figures: 3 no difference; no regression beyond 5.0 %."));
}

namespace {

/// A run of so many measured seconds after two that are left out and are wildly different.
sim::RunResult run_of(std::size_t seconds, double rate, double noise, std::uint64_t seed) {
  sim::RunResult out;
  out.run.scenario = "mixed";
  out.run.transport = "http";
  out.run.workload.users = 64;
  Rng rng(seed);
  for (std::size_t i = 0; i < seconds + 2; ++i) {
    auto& point = out.series.emplace_back();
    point.second = i;
    point.measured = i >= 2;
    point.rate_per_s =
        (point.measured ? rate : 10 * rate * static_cast<double>(seed)) * std::exp(noise * rng.normal());
    point.requests = static_cast<std::uint64_t>(point.rate_per_s);
    point.p50 = sim::Micros(std::llround(64e6 / point.rate_per_s));
    point.p99 = 3 * point.p50;
    out.total.requests += point.requests;
  }
  return out;
}

}  // namespace

TEST_CASE("two runs are compared by batches of their measured seconds") {
  const auto a = run_of(30, 10'000, 0.02, 1);
  const auto same = compare(a, run_of(30, 10'000, 0.02, 2));
  REQUIRE(same.rows.size() == 3);
  REQUIRE(no_difference_throughout(same));
  REQUIRE(same.rows[0].what == "mixed over http, 64 users");
  REQUIRE(same.rows[0].a.median == Approx(10'000).epsilon(0.02));
  REQUIRE_THAT(joined_lines(same.notes), Catch::Contains("one run each"));
  const auto slower = compare(a, run_of(30, 9'000, 0.02, 3));
  REQUIRE(row_of(slower, "rate_per_s").judgement == Judgement::worse);
  REQUIRE(row_of(slower, "p50_us").judgement == Judgement::worse);
  REQUIRE(has_regression(slower, 0.05));
}

TEST_CASE("runs of fewer than five measured seconds are not judged") {
  const auto [seconds, judgement] =
      GENERATE(table<std::size_t, Judgement>({{4, Judgement::not_known}, {5, Judgement::worse}}));
  const auto comparison = compare(run_of(seconds, 10'000, 0.01, 1), run_of(seconds, 5'000, 0.01, 2));
  for (const auto& row : comparison.rows) REQUIRE(row.judgement == judgement);
}

TEST_CASE("what else differs between two runs is noted") {
  auto a = run_of(10, 1'000, 0.01, 1);
  auto b = run_of(10, 1'000, 0.01, 2);
  b.run.workload.users = 128;
  b.run.settings["database.pool_size"] = "4";
  b.total.failed = b.total.requests / 2;
  b.run.interrupted = true;
  const auto notes = joined_lines(compare(a, b).notes);
  REQUIRE_THAT(notes, Catch::Contains("different setting database.pool_size: (none) and 4"));
  REQUIRE_THAT(notes, Catch::Contains("different workload"));
  REQUIRE_THAT(notes, Catch::Contains("of the requests failed in a, 50 % in b"));
  REQUIRE_THAT(notes, Catch::Contains("b was interrupted"));
}

TEST_CASE("a row is blind where a regression could hide in its interval") {
  ComparisonRow row{"cell", "p99_us", {}, {}, {}, Judgement::no_difference};
  const auto blind = [&](double low, double high, double tolerance) {
    row.change = {(low + high) / 2, low, high};
    row.judgement = low > 0 ? Judgement::worse : high < 0 ? Judgement::better : Judgement::no_difference;
    return is_blind(row, tolerance);
  };
  REQUIRE(blind(-0.3, 0.3, 0.05));
  REQUIRE_FALSE(blind(-0.3, 0.3, 0.3));
  REQUIRE_FALSE(blind(-0.3, 0.04, 0.05));  // no worse than 4 %
  REQUIRE_FALSE(blind(0.1, 0.9, 0.05));    // a regression
  REQUIRE_FALSE(blind(0.01, 0.08, 0.05));  // narrow enough: simply a small change
  row.metric = "rate_per_s";
  REQUIRE(blind(-0.3, 0.04, 0.05));
  row.change.low = unknown;
  REQUIRE(is_blind(row, 0.5));
}

TEST_CASE("a change that all cells share is a regression, even where each cell is too noisy to show it") {
  std::vector<Cell> cells;
  for (std::uint64_t i = 1; i <= 60; ++i) cells.push_back(sweep_cell(i, 64));
  const auto a = sweep_of(
      cells, 4, 0.08, [](const Cell&) { return 1'000.0; }, 1);
  const auto b = sweep_of(
      cells, 4, 0.08, [](const Cell&) { return 900.0; }, 2);
  const auto comparison = compare(a, b);
  REQUIRE(std::ranges::count_if(comparison.rows, [](const auto& row) { return is_regression(row, 0.05); }) <
          10);
  REQUIRE(has_regression(comparison, 0.05));
  REQUIRE(comparison.common.size() == 3);
  REQUIRE(comparison.common[0].what == "all 60 cells together");
  REQUIRE(comparison.common[0].change.median == Approx(-0.1).margin(0.03));
  REQUIRE_THAT(text_table(comparison, 0.05), Catch::Contains("all 60 cells together"));
}
