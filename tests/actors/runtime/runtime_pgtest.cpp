#include "actors/runtime/runtime.hpp"

#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <iterator>

#include "actors/database/database_pool_start.hpp"
#include "actors/database/libpq_session.hpp"
#include "helpers/eventually.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"
#include "postgres/database.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

std::ptrdiff_t entries(const char* directory) {
  return std::distance(std::filesystem::directory_iterator(directory), {});
}

/// A runtime and its pool from start to end, with a round trip to PostgreSQL on the way.
bool live(const postgres::Database& database, const Settings& settings) {
  actors::Runtime runtime(settings.workers);
  const auto pool = actors::start_pool(runtime, actors::libpq_sessions(database.conninfo()), settings);
  wait_until("a connection works", [&] { return pool->any_ready(); });
  bool done = false;
  {
    caf::scoped_actor client(runtime.system());
    const auto now = TimePoint::clock::now();
    if (!pool->submit(*client.ptr(), 0, actors::Command{.head = {1, now, now + 30s}})) {
      client->receive(
          [&](const actors::Reply& reply) { done = std::holds_alternative<actors::Done>(reply.outcome); });
    }
  }
  actors::stop_pool(*pool);
  return done;
}

}  // namespace

TEST_CASE("a runtime leaves no thread, descriptor or connection behind, however its pool waits", "[pg]") {
  Settings settings;
  settings.workers.count = 2;
  settings.workers.scheduler = GENERATE(Scheduler::worker, Scheduler::stealing);
  settings.database.execution = GENERATE(Execution::async, Execution::blocking, Execution::detached);
  settings.database.pool_size = 4;
  settings.database.url = url_of(shared_cluster().conninfo());
  const auto database = postgres::Database::open(settings.database, 4);
  REQUIRE(database.has_value());
  REQUIRE(live(*database, settings));
  // A detached thread has said goodbye a moment before it is gone.
  const auto threads = entries("/proc/self/task"), descriptors = entries("/proc/self/fd");
  for (int round = 0; round < 10; ++round) CHECK(live(*database, settings));
  CHECK(eventually([&] { return entries("/proc/self/task") <= threads; }));
  CHECK(entries("/proc/self/fd") == descriptors);
  SqlSession sql(shared_cluster().superuser_conninfo());
  CHECK(eventually([&] {
    return sql.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'troupe'") == "0";
  }));
}
