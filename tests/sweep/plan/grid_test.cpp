#include <catch2/catch.hpp>
#include <set>

#include "actors/runtime/runtime.hpp"
#include "helpers/folder.hpp"
#include "sweep/plan/grid.hpp"

using namespace troupe;
using namespace troupe::sweep;
using Catch::Matchers::Contains;

namespace {

const Directories directories{{TROUPE_SOURCE_DIR "/config/scenarios"}, {TROUPE_SOURCE_DIR "/config/models"}};

Result<Grid> grid_of(std::vector<Axis> axes, std::vector<std::string> constraints = {}) {
  Spec spec;
  spec.axes = std::move(axes);
  spec.constraints = std::move(constraints);
  CellMaker maker(spec, Settings{}, directories);
  return make_grid(spec, maker);
}

std::string fault_of(std::vector<Axis> axes, std::vector<std::string> constraints = {}) {
  const auto grid = grid_of(std::move(axes), std::move(constraints));
  REQUIRE_FALSE(grid.has_value());
  CHECK(grid.error().code == ErrorCode::invalid_argument);
  return grid.error().message;
}

}  // namespace

TEST_CASE("a grid has every combination once, with the standard scenario, transport and load") {
  const auto grid =
      grid_of({{"database.pool_size", {"1", "2", "4"}}, {"database.batching", {"coalesce", "off"}}});
  REQUIRE(grid.has_value());
  CHECK(grid->cells.size() == 6);
  std::set<Cell> cells;
  for (const auto& planned : grid->cells) {
    cells.insert(planned.cell);
    CHECK(planned.cell.workload == Workload{"mixed", "direct"});
    CHECK(planned.cell.load == Load{64, 0});
    CHECK(planned.cell.configuration.connections == planned.settings.database.pool_size);
  }
  CHECK(cells.size() == 6);
}

TEST_CASE("what a configuration costs is counted, also where a setting says auto") {
  const auto grid = grid_of({{"workers.count", {"3"}}, {"database.pool_size", {"auto"}}});
  REQUIRE(grid.has_value());
  const auto& configuration = grid->cells.front().cell.configuration;
  CHECK(configuration.workers == 3);
  CHECK(configuration.connections == 5);
  CHECK(configuration.settings.at("database.pool_size") == "auto");
}

TEST_CASE("a model sets what goes together, and an axis beats it") {
  const auto plain = grid_of({{"model", {"prefork", "actors"}}});
  REQUIRE(plain.has_value());
  REQUIRE(plain->cells.size() == 2);
  for (const auto& planned : plain->cells) {
    const bool prefork = planned.cell.configuration.model == "prefork";
    CHECK(planned.settings.database.execution == (prefork ? Execution::blocking : Execution::async));
    CHECK(planned.cell.configuration.settings.empty());
  }
  const auto beaten = grid_of({{"model", {"prefork"}}, {"database.pool_size", {"9"}}});
  REQUIRE(beaten.has_value());
  CHECK(beaten->cells.front().settings.database.pool_size == 9);
}

TEST_CASE("constraints leave cells out") {
  const auto [constraint, left] = GENERATE(table<std::string, std::size_t>({
      {"pool_size <= 2 * workers", 4},
      {"pool_size <= 2 * workers && batching != off", 2},
      {"batching == coalesce || pool_size == 1", 6},
      {"users > 1000", 0},
      {"connection_actors >= users", 10},
      {"request_timeout >= 5000 && body_limit == 1048576", 10},
  }));
  CAPTURE(constraint);
  const std::vector<Axis> axes{{"workers.count", {"1"}},
                               {"database.pool_size", {"1", "2", "4", "8", "16"}},
                               {"database.batching", {"coalesce", "off"}}};
  if (left == 0) {
    CHECK_THAT(fault_of(axes, {constraint}), Contains("the grid is empty"));
    return;
  }
  const auto grid = grid_of(axes, {constraint});
  REQUIRE(grid.has_value());
  CHECK(grid->cells.size() == left);
  CHECK(grid->left_out == 10 - left);
}

TEST_CASE("a grid that makes no sense is refused with the axis, the value and the cure") {
  const std::vector<std::string> many = [] {
    std::vector<std::string> values;
    for (int i = 1; i <= 1000; ++i) values.push_back(std::to_string(i));
    return values;
  }();
  CHECK_THAT(fault_of({{"database.pool_size", {"0"}}}), Contains("database.pool_size must be"));
  CHECK_THAT(fault_of({{"database.batching", {"coalesc"}}}),
             Contains("database.batching must be coalesce, pipeline or off"));
  CHECK_THAT(fault_of({{"users", {"none"}}}), Contains("--users must be a whole number from 1"));
  CHECK_THAT(fault_of({{"arrival_rate", {"-1"}}}), Contains("--arrival-rate must be a number above 0"));
  CHECK_THAT(fault_of({{"users", {"1"}}, {"arrival_rate", {"5"}}}),
             Contains("users and arrival_rate contradict"));
  CHECK_THAT(fault_of({{"scenario", {"crud"}}}), Contains("scenario crud has phases"));
  CHECK_THAT(fault_of({{"scenario", {"mixd"}}}), Contains("mixd"));
  CHECK_THAT(fault_of({{"transport", {"carrier-pigeon"}}}), Contains("transport must be direct or http"));
  CHECK_THAT(fault_of({{"model", {"reactor"}}}), Contains("actors, event-loop, prefork or threads"));
  CHECK_THAT(fault_of({{"users", many}, {"database.pool_size", many}}), Contains("more than 100000 cells"));
  CHECK_THAT(fault_of({{"users", {"1"}}}, {"pool_sise < 3"}),
             Contains("unknown name 'pool_sise'; did you mean pool_size?"));
  CHECK_THAT(fault_of({{"users", {"1"}}}, {"pool_size <"}), Contains("constraint 'pool_size <'"));
}

TEST_CASE("a sweep's scenario may send requests of its own, over either transport") {
  const tests::Folder folder("grid");
  const auto file = folder / "mine.toml";
  tests::write_content(file, "[[task]]\nmethod = \"GET\"\npath = \"/items/\"\n");
  const auto grid = grid_of({{"scenario", {file.string(), "read"}}, {"transport", {"direct", "http"}}});
  REQUIRE(grid.has_value());
  REQUIRE(grid->cells.size() == 4);
  for (const auto& planned : grid->cells) {
    const auto& workload = planned.cell.workload;
    CAPTURE(workload.scenario, workload.transport);
    const auto directly = workload.scenario == "read" ? harness::TransportKind::direct
                                                      : harness::TransportKind::direct_requests;
    CHECK(planned.transport == (workload.transport == "http" ? harness::TransportKind::http : directly));
  }
}

TEST_CASE("an outside service's axes are words of its own, over http, and constraints name them") {
  Spec spec;
  spec.service.emplace();
  spec.service->axes = {"axis.pool", "axis.gc"};
  spec.axes = {{"axis.pool", {"4", "8", "16"}}, {"axis.gc", {"on", "off"}}, {"users", {"8", "32"}}};
  spec.constraints = {"pool <= users && (gc == off || pool > 4)"};
  CellMaker maker(spec, Settings{}, directories);
  const auto grid = make_grid(spec, maker);
  REQUIRE(grid.has_value());
  CHECK(grid->cells.size() == 8);
  for (const auto& planned : grid->cells) {
    CHECK(planned.cell.workload == Workload{"mixed", "http"});
    CHECK(is_outside(planned.cell.configuration));
    CHECK(planned.cell.configuration.connections == 0);
  }
  CHECK(describe(grid->cells.front().cell) == "mixed over http, gc=off pool=16, 32 users");
  spec.constraints = {"pol <= users"};
  CHECK_THAT(make_grid(spec, maker).error().message, Contains("unknown name 'pol'; did you mean pool?"));
}
