#include "actors/database/database_pool_start.hpp"

#include <caf/send.hpp>

#include "actors/database/database_actor.hpp"
#include "actors/database/waiting_database_actor.hpp"

namespace troupe::actors {

namespace {

caf::actor spawn_actor(caf::actor_system& system, Worker& home,
                       const std::shared_ptr<const DatabaseActorOptions>& options,
                       const std::shared_ptr<DatabaseActorStats>& stats) {
  switch (options->settings.execution) {
    case Execution::async:
      break;
    case Execution::blocking:
      return system.spawn<WaitingDatabaseActor>(std::ref(home), options, stats);
    case Execution::detached:
      return system.spawn<WaitingDatabaseActor, caf::detached>(std::ref(home), options, stats);
  }
  return system.spawn<DatabaseActor>(std::ref(home), options, stats);
}

}  // namespace

std::shared_ptr<DatabasePool> start_pool(Runtime& runtime, OpenSession open_session, const Settings& settings,
                                         std::function<void()> on_schema_change) {
  DatabaseActorOptions made;
  made.open_session = std::move(open_session);
  made.settings = settings.database;
  made.request_timeout = settings.server.request_timeout;
  made.slow_queries = std::make_shared<SlowQueryLog>(settings.log.slow_query);
  made.home_runs_actors = runtime.home_runs_actors();
  made.on_schema_change = std::move(on_schema_change);
  auto& workers = runtime.workers();
  const auto size = pool_size_of(settings.database, workers.size());
  PoolRules rules{settings.database.queue_limit, rows_of_a_statement(settings.database),
                  uses_lanes(settings.database, size), made.lanes};
  made.connections = size;
  made.workers = workers.size();
  const auto options = std::make_shared<const DatabaseActorOptions>(std::move(made));
  std::vector<DatabasePool::Member> members;
  for (std::size_t index = 0; index < size; ++index) {
    auto& home = workers[index % workers.size()];
    auto stats = std::make_shared<DatabaseActorStats>();
    auto actor = spawn_actor(runtime.system(), home, options, stats);
    members.push_back({actor, home.index(), stats});
  }
  return std::make_shared<DatabasePool>(std::move(members), std::move(rules));
}

void stop_pool(const DatabasePool& pool) {
  for (const auto& member : pool.members()) {
    member.stats->stopping = true;
    member.stats->ready = false;
    caf::anon_send(member.actor, Stop{});
  }
}

}  // namespace troupe::actors
