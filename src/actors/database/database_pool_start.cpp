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
  made.home_runs_actors = runtime.home_runs_actors();
  made.on_schema_change = std::move(on_schema_change);
  const auto options = std::make_shared<const DatabaseActorOptions>(std::move(made));
  auto& workers = runtime.workers();
  const auto size = settings.database.pool_size != 0 ? settings.database.pool_size : workers.size();
  std::vector<DatabasePool::Member> members;
  for (std::size_t index = 0; index < size; ++index) {
    auto& home = workers[index % workers.size()];
    auto stats = std::make_shared<DatabaseActorStats>();
    auto actor = spawn_actor(runtime.system(), home, options, stats);
    members.push_back({actor, home.index(), stats});
  }
  return std::make_shared<DatabasePool>(std::move(members), settings.database.queue_limit);
}

void stop_pool(const DatabasePool& pool) {
  for (const auto& member : pool.members()) {
    member.stats->ready = false;
    caf::anon_send(member.actor, Stop{});
  }
}

}  // namespace troupe::actors
