#include "actors/runtime/runtime.hpp"

#include "support/container_limits.hpp"

namespace troupe::actors {

std::size_t worker_count(const WorkerSettings& settings) {
  return settings.count != 0 ? settings.count : usable_cpus(container_limits());
}

Runtime::Runtime(const WorkerSettings& settings)
    : home_runs_actors_(settings.scheduler == Scheduler::worker),
      workers_(worker_count(settings), usable_io(settings.io).value(), settings.wakeups),
      config_(workers_, settings.scheduler),
      system_(config_) {
  // WorkerScheduler has done it already; with CAF's own schedulers virtual users still run on workers.
  for (std::size_t index = 0; index < workers_.size(); ++index) workers_[index].attach(system_);
  workers_.start();
}

Runtime::Runtime(Timers& virtual_time, std::size_t workers)
    : home_runs_actors_(true), workers_(workers, virtual_time), config_(workers_), system_(config_) {
  for (std::size_t index = 0; index < workers_.size(); ++index) workers_[index].attach(system_);
}

Runtime::~Runtime() {
  system_.await_all_actors_done();
  // Before the actor system goes: what workers still hold are actors. WorkerScheduler does it itself, after
  // CAF's own actors.
  if (!home_runs_actors_) workers_.stop();
}

}  // namespace troupe::actors
