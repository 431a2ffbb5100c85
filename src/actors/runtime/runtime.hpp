#pragma once

#include <caf/actor_system.hpp>

#include "actors/runtime/worker.hpp"
#include "actors/runtime/worker_scheduler.hpp"
#include "support/settings.hpp"

namespace troupe::actors {

/// The workers and the actor system of one process (or of one cell of a sweep): made together, ended in the
/// right order.
class Runtime {
 public:
  /// Throws std::system_error when a worker gets no descriptor, and std::runtime_error when the kernel
  /// refuses what `settings.io` asks for.
  explicit Runtime(const WorkerSettings& settings);
  /// Workers in virtual time: no thread is started, so that a run is repeatable and takes no longer than its
  /// work. Whoever turns the clock also polls the workers.
  explicit Runtime(Timers& virtual_time, std::size_t workers = 1);
  /// Every actor must have been told to stop by now; waits for the last one.
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  Workers& workers() { return workers_; }
  caf::actor_system& system() { return system_; }
  /// True with Scheduler::worker: pinned actors run on their home worker.
  bool home_runs_actors() const { return home_runs_actors_; }

 private:
  bool home_runs_actors_;
  Workers workers_;
  ActorSystemConfig config_;
  caf::actor_system system_;
};

/// The number of workers that `settings` means: its count, or one per CPU that the process may use.
std::size_t worker_count(const WorkerSettings& settings);

}  // namespace troupe::actors
