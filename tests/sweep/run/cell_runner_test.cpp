#include "sweep/run/cell_runner.hpp"

#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <utility>

#include "helpers/folder.hpp"
#include "stand_in/stand_in_database.hpp"
#include "sweep/run/repeat_loop.hpp"

using namespace troupe;
using namespace troupe::sweep;
using namespace std::chrono_literals;

namespace {

/// One cell over a stand-in for PostgreSQL, without sockets: two users on two workers.
struct CellBench {
  explicit CellBench(std::chrono::milliseconds warm_up = 0ms, const std::string& scenario = "mixed") {
    spec.axes = {{"users", {"2"}}, {"scenario", {scenario}}};
    spec.duration = 300ms;
    spec.warm_up = warm_up;
    Settings settings;
    settings.workers.count = 2;
    settings.database.pool_size = 2;
    maker.emplace(spec, settings,
                  Directories{{TROUPE_SOURCE_DIR "/config/scenarios"}, {TROUPE_SOURCE_DIR "/config/models"}});
    grid = make_grid(spec, *maker).value();
  }

  Result<std::optional<Repeat>> run(std::optional<Duration> interrupt_after = {}) {
    const auto make_pool = [&](actors::Runtime& runtime, const Settings& settings) {
      return stand_in::make_stand_in_pool(runtime, settings, stand_in);
    };
    CellRunner runner(loop, spec, {make_pool, {{postgres::declared_items()}, {}}});
    boost::asio::steady_timer ctrl_c(loop);
    if (interrupt_after) {
      ctrl_c.expires_after(*interrupt_after);
      ctrl_c.async_wait([&](boost::system::error_code) { runner.interrupt(); });
    }
    return runner.run({&grid.cells.at(0), 3});
  }

  boost::asio::io_context loop;
  Spec spec;
  stand_in::StandIn stand_in{{stand_in::ServiceTime::Kind::fixed, 5ms}};
  std::optional<CellMaker> maker;
  Grid grid;
};

}  // namespace

TEST_CASE("a repeat's record holds what its load did") {
  CellBench bench;
  const auto repeat = bench.run().value().value();
  CHECK(repeat.cell == bench.grid.cells.at(0).cell);
  CHECK(repeat.round == 3);
  CHECK(repeat.seed == bench.spec.seed + 3);
  CHECK(repeat.requests > 0);
  CHECK(repeat.failed <= repeat.requests);
  CHECK(repeat.mean >= 5ms);
  CHECK(repeat.in_flight <= 2.01);
  CHECK(repeat.rate_per_s * repeat.measured.count() <= static_cast<double>(repeat.requests) + 0.001);
}

TEST_CASE("a repeat's record leaves its warm-up out") {
  const auto repeat = CellBench(300ms).run().value().value();
  CHECK(repeat.measured >= 200ms);
  CHECK(repeat.measured < 500ms);
}

TEST_CASE("a repeat whose users have done all before the measuring begins is a failed one") {
  const tests::Folder directory("cell_runner");
  const auto scenario = (directory.path() / "few.toml").string();
  std::ofstream(scenario) << "iterations = 2\n[[task]]\ndo = \"list\"\n";
  const auto repeat = CellBench(300ms, scenario).run();
  REQUIRE(repeat.has_error());
  CHECK(repeat.error().message ==
        "nothing was measured: the users' iterations ended within the warm-up; lower --warm-up or raise "
        "iterations");
  CHECK(CellBench(0ms, scenario).run().value().value().requests == 4);
}

TEST_CASE("a repeat that was interrupted is dropped") {
  const auto warm_up = GENERATE(0ms, 300ms);
  CHECK_FALSE(CellBench(warm_up).run(100ms).value().has_value());
}

TEST_CASE("a cell that cannot be run is recorded as failed, and the sweep goes on") {
  CellBench bench;
  bench.spec.repeats = 2;
  bool first = true;
  const auto make_pool = [&](actors::Runtime& runtime, const Settings& settings) {
    auto pool = stand_in::make_stand_in_pool(runtime, settings, bench.stand_in);
    // Not one connection of the first repeat's pool opens.
    if (std::exchange(first, false)) pool->members().front().stats->ready = false;
    return pool;
  };
  Sweep sweep;
  std::size_t recorded = 0;
  CellRunner runner(bench.loop, bench.spec, {make_pool, {{postgres::declared_items()}, {}}});
  RepeatLoop repeats({bench.spec, bench.grid, *bench.maker, runner, nullptr,
                      [&](const Repeat&) {
                        ++recorded;
                        return Result<void>();
                      },
                      [](const Progress&) {}},
                     sweep);
  REQUIRE(repeats.run().has_value());
  REQUIRE(sweep.repeats.size() == 2);
  CHECK(recorded == 2);
  CHECK_THAT(sweep.repeats[0].failure, Catch::Contains("connections"));
  CHECK(sweep.repeats[0].requests == 0);
  CHECK(sweep.repeats[1].failure.empty());
  CHECK(sweep.repeats[1].requests > 0);
}
