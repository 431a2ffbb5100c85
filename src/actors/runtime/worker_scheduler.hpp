#pragma once

#include <caf/actor_system_config.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <thread>

#include "actors/runtime/worker.hpp"
#include "support/settings.hpp"

namespace troupe::actors {

/// The configuration of Troupe's actor system. Scheduler::worker runs actors on `workers`; the other two run
/// them on CAF's own threads (as many as workers), while sockets and timers stay on the workers.
class ActorSystemConfig : public caf::actor_system_config {
 public:
  ActorSystemConfig(Workers& workers, Scheduler scheduler);
  /// For workers in virtual time: CAF's deterministic test coordinator, which starts no thread.
  explicit ActorSystemConfig(Workers& workers_in_virtual_time);
  Workers& workers;
};

/// CAF scheduler module whose threads are workers. Pinned actors go home by themselves; this places all
/// the others.
class WorkerScheduler final : public caf::scheduler::abstract_coordinator {
 public:
  explicit WorkerScheduler(caf::actor_system& system);

  /// CAF's module factory contract: the caller owns the pointer (actor_system_config::load).
  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>);

  void enqueue(caf::resumable* job) override;
  caf::actor_clock& clock() noexcept override { return clock_; }

 protected:
  void start() override;
  void stop() override;

 private:
  Workers& workers_;
  caf::detail::thread_safe_actor_clock clock_;
  std::thread clock_thread_;
};

}  // namespace troupe::actors
