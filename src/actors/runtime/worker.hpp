#pragma once

#include <atomic>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "actors/io/io_engine.hpp"
#include "actors/runtime/timers.hpp"
#include "support/time.hpp"

namespace troupe::actors {

/// A thread that waits for its sockets with one IoEngine, and has one queue of runnable actors and one of
/// tasks. As a CAF execution unit it accepts jobs from any thread: from its own a queue push, from another
/// one a lock, and a system call if it sleeps.
class Worker final : public caf::execution_unit {
 public:
  using Task = std::function<void()>;

  /// `io`: as `usable_io` says.
  Worker(std::size_t index, IoMode io, Wakeups wakeups = Wakeups::eager);
  /// A worker in virtual time, which is never started and has no engine: whoever turns that clock, which
  /// outlives the worker, also calls `poll()`.
  Worker(std::size_t index, Timers& virtual_time);
  ~Worker() override;

  /// Starts the thread; throws std::system_error when there is no descriptor or memory for its engine.
  void start();
  /// Lets the thread end after the turn it is in, and joins it. Not from the worker's own thread.
  void stop();
  /// Runs one step of what is ready, on the calling thread as if that were the worker's; false when nothing
  /// is. For a worker that was not started.
  bool poll();
  /// Tells CAF which system the actors run in (an execution unit must know before it resumes one).
  void attach(caf::actor_system& system) { system_ = &system; }

  /// Makes `job` runnable here. Takes over one reference to it. Callable from any thread.
  void exec_later(caf::resumable* job) override;
  /// Runs `task` here, behind those that were posted before. Callable from any thread.
  void post(Task task);
  /// Runs `task` here at `when` or as soon as possible after it. Callable from any thread; not in virtual
  /// time.
  void run_at(TimePoint when, Task task);
  /// Runs `work` on the worker's thread and waits for it. Not from a worker.
  void run(const std::function<void()>& work);

  std::size_t index() const { return index_; }
  /// Of a worker that was started; on its thread.
  IoEngine& io() { return *io_; }
  Timers& timers() { return *timers_; }
  /// The worker whose thread this is, or nullptr.
  static Worker* current();
  /// CPU time this worker's thread has used so far. Callable from any thread while the worker runs.
  Duration cpu_time() const;

 private:
  void work();
  /// How long there is nothing to do, unless a socket or another thread brings something.
  Duration sleep();
  void take_what_others_left();
  void run_tasks();
  void run_actors();
  void run_posted_turn();
  void push(caf::resumable* job);
  bool is_virtual() const { return !own_timers_; }
  void wake();

  std::size_t index_;
  IoMode io_mode_ = IoMode::epoll;
  Wakeups wakeups_ = Wakeups::eager;
  std::unique_ptr<IoEngine> io_;
  std::optional<WorkerTimers> own_timers_;  ///< none in virtual time, where nothing of the system's is asked
  Timers* timers_;

  // Its own.
  std::vector<caf::resumable*> runnable_, running_;
  std::deque<Task> tasks_;
  bool turn_posted_ = false;  ///< virtual time only
  bool stopping_ = false;

  // What other threads leave here.
  std::mutex mutex_;
  std::vector<caf::resumable*> others_jobs_, taken_jobs_;
  std::vector<Task> others_tasks_, taken_tasks_;
  std::atomic<bool> left_something_{false};
  std::atomic<bool> asleep_{false};  ///< or about to be: who leaves something must wake it

  std::thread thread_;
};

/// All workers of a process. Outlives the actor system whose actors run on them.
class Workers {
 public:
  Workers(std::size_t count, IoMode io, Wakeups wakeups);
  Workers(std::size_t count, Timers& virtual_time);
  ~Workers() { stop(); }
  void start();
  void stop();
  std::size_t size() const { return workers_.size(); }
  Worker& operator[](std::size_t index) { return *workers_[index]; }
  /// The next worker in turn: spreads what has no home yet. Callable from any thread.
  Worker& next() { return *workers_[next_.fetch_add(1, std::memory_order_relaxed) % workers_.size()]; }

 private:
  std::vector<std::unique_ptr<Worker>> workers_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace troupe::actors
