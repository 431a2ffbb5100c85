// Servers, pools and users of a sweep are built and torn down inside one process: what a cell forgot would
// add up over a night's sweep, and would make late cells slower than early ones.
#include <malloc.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <optional>
#include <tuple>

#include "harness/make_pool.hpp"
#include "helpers/eventually.hpp"
#include "helpers/processes.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"
#include "sweep/run/cell_runner.hpp"
#include "sweep/run/repeat_loop.hpp"
#include "sweep/run/test_database.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

/// What this process holds between two cells.
struct Holdings {
  std::size_t descriptors = 0;
  long threads = 0;
  long resident_kib = 0;
  std::size_t heap_bytes = 0;  ///< allocated and not freed; 0 under AddressSanitizer
};

long status_value(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stol(line.substr(name.size() + 1));
  }
  return 0;
}

Holdings holdings() {
  ::malloc_trim(0);  // what is free and not given back is no leak
  const auto heap = mallinfo2();
  return {open_descriptors(::getpid()), status_value("Threads"), status_value("VmRSS"),
          heap.uordblks + heap.hblkhd};
}

/// How long a cell loads: its users must have begun, which takes longest where all they record in is
/// shadowed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr auto cell_time = 200ms;
#else
constexpr auto cell_time = 20ms;
#endif

/// 204 cells: both transports, all ways to wait for PostgreSQL, 34 values of a harmless setting.
sweep::Spec many_cells() {
  sweep::Spec spec;
  sweep::Axis batches{"database.max_batch", {}};
  for (int i = 0; i < 34; ++i) batches.values.push_back(std::to_string(100 + i));
  spec.axes = {{"transport", {"direct", "http"}},
               {"database.execution", {"async", "blocking", "detached"}},
               {"scenario", {"read"}},  // its users neither think nor wait for a disk
               {"users", {"4"}},
               {"database.pool_size", {"3"}},
               {"workers.count", {"2"}},
               batches};
  spec.duration = cell_time;
  spec.warm_up = 0ms;
  spec.repeats = 1;
  return spec;
}

/// A sweep of these cells over a database of its own, and what the process held early in it and at its end.
struct ManyCells {
  static constexpr std::size_t first = 40;  // by then every kind of cell has run, and malloc has its arenas

  ManyCells() {
    settings.server.host = "127.0.0.1";
    settings.server.port = 0;
    settings.database.url = conninfo;
    settings.database.table = sweep::sweep_table;
    const std::filesystem::path config = TROUPE_SOURCE_DIR "/config";
    maker.emplace(spec, settings, sweep::Directories{{config / "scenarios"}, {config / "models"}});
    grid = sweep::make_grid(spec, *maker).value();
  }

  Result<void> run(sweep::TestDatabase& database) {
    boost::asio::io_context loop;
    const boost::asio::steady_timer first_use(loop);  // its descriptors are open for as long as it lives
    before = holdings();
    sweep::CellRunner runner(loop, spec, harness::database_pool(database.database()));
    sweep::RepeatLoop repeats(
        {spec, grid, *maker, runner, [&](const auto& planned) { return database.reset(planned.items); },
         [](const auto&) { return Result<void>(); },
         [this](const sweep::Progress& progress) { look(progress.done); }},
        sweep);
    return repeats.run();
  }

  void look(std::size_t done) {
    if (done != first && done != grid.cells.size()) return;
    // A detached actor's thread ends a moment after the actor.
    CHECK(eventually([&] { return status_value("Threads") <= before.threads; }));
    (done == first ? early : late) = holdings();
  }

  std::string conninfo = fresh_database();
  sweep::Spec spec = many_cells();
  Settings settings;
  std::optional<sweep::CellMaker> maker;
  sweep::Grid grid;
  sweep::Sweep sweep;
  Holdings before, early, late;
};

}  // namespace

TEST_CASE("200 cells in one process leave no memory, descriptor, thread or PostgreSQL connection behind") {
  ManyCells cells;
  REQUIRE(cells.grid.cells.size() == 204);
  SqlSession watcher(cells.conninfo);
  const auto connections = [&] {
    return watcher.value(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        "pg_backend_pid()");
  };
  auto database = sweep::TestDatabase::open(cells.settings.database, 3).value();
  const auto connected = connections();  // it keeps one, so that no other sweep uses its table
  const auto ran = cells.run(database);
  INFO((ran.has_value() ? "" : ran.error().message));
  REQUIRE(ran.has_value());
  REQUIRE(cells.sweep.repeats.size() == 204);
  std::uint64_t requests = 0;
  for (const auto& repeat : cells.sweep.repeats) {
    requests += repeat.requests;
    CHECK(repeat.failed == 0);
  }
  CHECK(requests > 2 * 204);  // they did work; on a busy machine one cell may do none

  const auto& [before, early, late] = std::tie(cells.before, cells.early, cells.late);
  // These have no noise: whatever a cell has opened or started is over when it ends.
  CHECK(early.descriptors == before.descriptors);
  CHECK(late.descriptors == before.descriptors);
  CHECK(late.threads == before.threads);
  CHECK(eventually([&] { return connections() == connected; }));
  // Records and schedule keep the cell three times over, 3 kB in all: 8 kB a cell would be a leak, and so
  // would be 8 MiB of pages, which is less than one forgotten pool of users a cell (its recorders take 500 kB
  // a task).
  CAPTURE(early.resident_kib, late.resident_kib);
  CHECK(late.heap_bytes <= early.heap_bytes + (204 - ManyCells::first) * 8 * 1024);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their shadow memory is counted, too
  CHECK(early.heap_bytes > 0);
  CHECK(late.resident_kib <= early.resident_kib + 8 * 1024);
#endif
}
