#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "sweep/plan/schedule.hpp"

using namespace troupe;
using namespace troupe::sweep;

namespace {

struct ScheduleBench {
  explicit ScheduleBench(std::vector<Axis> axes, std::uint64_t repeats = 3) {
    spec.axes = std::move(axes);
    spec.repeats = repeats;
    maker.emplace(spec, Settings{},
                  Directories{{TROUPE_SOURCE_DIR "/config/scenarios"}, {TROUPE_SOURCE_DIR "/config/models"}});
    grid = make_grid(spec, *maker).value();
  }
  Spec spec;
  std::optional<CellMaker> maker;
  Grid grid;
};

using Done = std::vector<Repeat>;

/// Runs up to `most` jobs; each measures what `rate` says of its cell.
Done run(ScheduleBench& bench, std::size_t most, const std::function<double(const Cell&)>& rate,
         const Done& before = {}) {
  Schedule schedule(bench.spec, bench.grid, *bench.maker, before);
  Done done;
  while (done.size() < most) {
    const auto job = schedule.next();
    if (!job) break;
    Repeat repeat;
    repeat.cell = job->planned->cell;
    repeat.round = job->round;
    repeat.rate_per_s = rate(repeat.cell);
    schedule.on_recorded(repeat);
    done.push_back(repeat);
  }
  return done;
}

double any_rate(const Cell&) {
  return 1;
}

std::vector<Cell> cells_of(const Done& done) {
  std::vector<Cell> cells;
  for (const auto& repeat : done) cells.push_back(repeat.cell);
  return cells;
}

const std::vector<Axis> twelve_cells{{"database.pool_size", {"1", "2", "4"}},
                                     {"users", {"1", "4", "16", "64"}}};

}  // namespace

TEST_CASE("each round runs every cell once, in an order of its own that the seed repeats") {
  ScheduleBench bench(twelve_cells);
  const auto done = run(bench, 1000, any_rate);
  REQUIRE(done.size() == 36);
  std::vector<std::vector<Cell>> rounds(3);
  for (std::size_t i = 0; i < done.size(); ++i) {
    CHECK(done[i].round == i / 12);
    rounds[done[i].round].push_back(done[i].cell);
  }
  for (const auto& round : rounds) CHECK(std::set(round.begin(), round.end()).size() == 12);
  CHECK(rounds[0] != rounds[1]);
  CHECK(rounds[1] != rounds[2]);
  CHECK(cells_of(run(bench, 1000, any_rate)) == cells_of(done));
  bench.spec.seed = 2;
  CHECK(cells_of(run(bench, 1000, any_rate)) != cells_of(done));
}

TEST_CASE("a sweep that goes on runs what is missing, and nothing twice") {
  ScheduleBench bench(twelve_cells);
  const auto whole = run(bench, 1000, any_rate);
  const auto stopped_after = GENERATE(0u, 1u, 17u, 35u, 36u);
  const Done first(whole.begin(), whole.begin() + stopped_after);
  const auto second = run(bench, 1000, any_rate, first);
  auto together = first;
  together.insert(together.end(), second.begin(), second.end());
  CHECK(cells_of(together) == cells_of(whole));
}

TEST_CASE("with a budget the first cells are coarse, then come those next to the knee and loads between") {
  ScheduleBench bench(
      {{"database.pool_size", {"1", "2", "3", "4", "5"}}, {"users", {"1", "4", "16", "64", "256"}}});
  bench.spec.budget = std::chrono::hours(1);
  // Two connections are enough, and from 16 users on nothing is gained.
  const auto rate = [](const Cell& cell) {
    const auto users = static_cast<double>(std::min<std::uint64_t>(cell.load.users, 16));
    return users * (cell.configuration.connections >= 3 ? 1.0 : 0.5);
  };
  const auto done = run(bench, 200, rate);
  const std::set<std::uint64_t> coarse_pools{1, 3, 5}, coarse_users{1, 16, 256};
  for (std::size_t i = 0; i < 9; ++i) {
    CHECK(coarse_pools.contains(done[i].cell.configuration.connections));
    CHECK(coarse_users.contains(done[i].cell.load.users));
    CHECK(done[i].round == 0);
  }
  std::set<std::uint64_t> users_after;
  for (std::size_t i = 9; done[i].round == 1; ++i) {
    const auto& cell = done[i].cell;
    users_after.insert(cell.load.users);
    CHECK(cell.load.users >= 4);
    CHECK(cell.load.users <= 64);
  }
  CHECK(users_after.contains(8));   // between 4 and 16
  CHECK(users_after.contains(32));  // between 16 and 64
}

TEST_CASE("a budget never runs out of work, and reaches every cell of the grid") {
  ScheduleBench bench(twelve_cells, 2);
  bench.spec.budget = std::chrono::hours(1);
  const auto done = run(bench, 300, any_rate);
  CHECK(done.size() == 300);
  std::map<Cell, std::set<std::uint64_t>> rounds;
  for (const auto& repeat : done) CHECK(rounds[repeat.cell].insert(repeat.round).second);
  for (const auto& planned : bench.grid.cells) CHECK(rounds[planned.cell].size() >= 2);
}

TEST_CASE("coarse takes every other number of a list and its last one, and every word") {
  const std::vector<Axis> axes{
      {"users", {"1", "2", "3", "4"}}, {"model", {"a", "b", "c"}}, {"pool", {"1", "2"}}};
  const auto [users, coarse] =
      GENERATE(table<std::string, bool>({{"1", true}, {"2", false}, {"3", true}, {"4", true}}));
  const auto model = GENERATE("a", "b", "c");
  const auto pool = GENERATE("1", "2");
  CHECK(is_coarse({{"users", users}, {"model", model}, {"pool", pool}}, axes) == coarse);
}
