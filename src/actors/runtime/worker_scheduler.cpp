#include "actors/runtime/worker_scheduler.hpp"

#include <caf/actor_system.hpp>

namespace troupe::actors {

ActorSystemConfig::ActorSystemConfig(Workers& workers_in, Scheduler scheduler) : workers(workers_in) {
  set("scheduler.max-threads", workers.size());
  switch (scheduler) {
    case Scheduler::worker:
      load<WorkerScheduler>();
      break;
    case Scheduler::stealing:
      set("scheduler.policy", caf::atom("stealing"));
      break;
    case Scheduler::sharing:
      set("scheduler.policy", caf::atom("sharing"));
      break;
  }
}

ActorSystemConfig::ActorSystemConfig(Workers& workers_in_virtual_time) : workers(workers_in_virtual_time) {
  set("scheduler.policy", caf::atom("testing"));
}

WorkerScheduler::WorkerScheduler(caf::actor_system& system)
    : abstract_coordinator(system),
      workers_(dynamic_cast<const ActorSystemConfig&>(system.config()).workers) {}

caf::actor_system::module* WorkerScheduler::make(caf::actor_system& system, caf::detail::type_list<>) {
  return std::make_unique<WorkerScheduler>(system).release();
}

void WorkerScheduler::start() {
  for (std::size_t index = 0; index < workers_.size(); ++index) workers_[index].attach(system());
  clock_thread_ = std::thread([this] {
    system().thread_started();
    clock_.run_dispatch_loop();
    system().thread_terminates();
  });
  abstract_coordinator::start();
}

void WorkerScheduler::stop() {
  // All our actors have ended by now, and CAF has told its own two to exit: the first pass makes them
  // runnable, the second lets them run. Then the workers' threads must not resume anything of this system any
  // more.
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t index = 0; index < workers_.size(); ++index) workers_[index].run([] {});
  }
  workers_.stop();
  stop_actors();
  clock_.cancel_dispatch_loop();
  clock_thread_.join();
}

void WorkerScheduler::enqueue(caf::resumable* job) {
  workers_.next().exec_later(job);
}

}  // namespace troupe::actors
