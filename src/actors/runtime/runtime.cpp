#include "actors/runtime/runtime.hpp"

#include <caf/send.hpp>
#include <thread>

#include "actors/database/database_actor.hpp"

namespace troupe::actors {

std::size_t worker_count(const WorkerSettings& settings) {
  return settings.count != 0 ? settings.count : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

Runtime::Runtime(const WorkerSettings& settings)
    : home_runs_actors_(settings.scheduler == Scheduler::worker),
      workers_(worker_count(settings)),
      config_(workers_, settings.scheduler),
      system_(config_) {
  // AsioScheduler has done it already; with CAF's own schedulers virtual users still run on workers.
  for (std::size_t index = 0; index < workers_.size(); ++index) workers_[index].attach(system_);
  workers_.start();
}

Runtime::Runtime(Timers& virtual_time)
    : home_runs_actors_(true), workers_(1, &virtual_time), config_(workers_), system_(config_) {
  workers_[0].attach(system_);
}

Runtime::~Runtime() {
  system_.await_all_actors_done();
  // Before the actor system goes: what workers still hold are actors. AsioScheduler does it itself, after
  // CAF's own actors.
  if (!home_runs_actors_) workers_.stop();
}

std::shared_ptr<DatabasePool> Runtime::make_pool(const std::string& conninfo,
                                                 const postgres::ItemTable& table, const Settings& settings) {
  const auto options = std::make_shared<const DatabaseActorOptions>(DatabaseActorOptions{
      conninfo, table, settings.database, settings.server.request_timeout, home_runs_actors_});
  const auto size = settings.database.pool_size != 0 ? settings.database.pool_size : workers_.size();
  std::vector<DatabasePool::Member> members;
  for (std::size_t index = 0; index < size; ++index) {
    auto& home = workers_[index % workers_.size()];
    auto stats = std::make_shared<DatabaseActorStats>();
    auto actor = settings.database.execution == Execution::detached
                     ? system_.spawn<DatabaseActor, caf::detached>(std::ref(home), options, stats)
                     : system_.spawn<DatabaseActor>(std::ref(home), options, stats);
    members.push_back({actor, home.index(), stats});
  }
  return std::make_shared<DatabasePool>(std::move(members), settings.database.queue_limit);
}

void Runtime::stop_pool(const DatabasePool& pool) {
  for (const auto& member : pool.members()) {
    member.stats->ready = false;
    caf::anon_send(member.actor, Stop{});
  }
}

}  // namespace troupe::actors
