#include "sweep/plan/goal.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "helpers/sweep_samples.hpp"
#include "sweep/analysis/summarize.hpp"

using namespace troupe;
using namespace troupe::sweep;
using namespace troupe::tests;

namespace {

/// Rates of 1,000 per connection; p99 of 5 ms per connection, and 1 ms more in the last of four rounds.
Sweep sweep_with(const std::string& goal) {
  std::vector<Cell> cells;
  for (const std::uint64_t size : {1, 2, 4, 8}) cells.push_back(sweep_cell(size, 64));
  auto out = sweep_of(cells, 4, 0.01,
                      [](const Cell& cell) { return 1'000.0 * double(cell.configuration.connections); });
  for (auto& repeat : out.repeats) {
    repeat.p99 = std::chrono::milliseconds(5 * repeat.cell.configuration.connections + repeat.round / 3);
  }
  out.info.goal = goal;
  return out;
}

}  // namespace

TEST_CASE("a goal is read with one condition or several") {
  const auto one = parse_goal(" rate while p99 < 20ms ").value();
  REQUIRE(one.text == "rate while p99 < 20ms");
  REQUIRE(one.conditions.size() == 1);
  REQUIRE(one.conditions[0].limit == 20'000);
  REQUIRE(
      parse_goal("rate while p99.9 <= 1s and error_rate < 0.1% and mean < 2ms").value().conditions.size() ==
      3);
}

TEST_CASE("a goal that cannot be read, or asks for what is not recorded, says so") {
  const auto text = GENERATE(
      values<std::string>({"", "p99 < 20ms", "rate while ", "rate while p99", "rate while p95 < 1ms",
                           "rate while get.p99 < 1ms", "rate while rate > 5", "rate while p99 < 1ms and"}));
  const auto read = parse_goal(text);
  CAPTURE(text);
  REQUIRE(read.has_error());
  REQUIRE_THAT(read.error().message, Catch::Contains("write for instance 'rate while p99 < 20ms'"));
}

TEST_CASE("with a goal the best is the fastest of those whose condition held in every round") {
  const auto [goal, pool] = GENERATE(table<std::string, std::string>({{"rate while p99 < 50ms", "8"},
                                                                      {"rate while p99 < 41ms", "4"},
                                                                      {"rate while p99 <= 20ms", "2"},
                                                                      {"rate while p99 < 7ms", "1"}}));
  const auto answer = summarize(sweep_with(goal)).recommendations.at(0);
  CAPTURE(goal);
  REQUIRE(answer.goal == goal);
  REQUIRE(answer.best.value().settings.at("database.pool_size") == pool);
}

TEST_CASE("a goal that none meets is said to be met by none, with what came closest") {
  const auto answer = summarize(sweep_with("rate while p99 < 2ms")).recommendations.at(0);
  REQUIRE_FALSE(answer.best);
  REQUIRE_THAT(answer.words.at(0), Catch::Contains("No configuration meets the goal, rate while p99 < 2ms") &&
                                       Catch::Contains("pool_size=1: 5.00 ms"));
}
