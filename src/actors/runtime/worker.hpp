#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "actors/runtime/timers.hpp"
#include "support/time.hpp"

namespace troupe::actors {

/// A thread with one Asio io_context and one queue of runnable actors. Its turn: run every runnable actor,
/// then poll sockets and timers, blocking only when nothing is runnable. As a CAF execution unit it accepts
/// jobs from any thread: from its own a queue push, from another one a wake-up through the io_context.
class Worker final : public caf::execution_unit {
 public:
  /// `virtual_time`: where its actors' time comes from instead of the clock; outlives the worker. Such a
  /// worker is never started: whoever turns that clock also calls `poll()`.
  explicit Worker(std::size_t index, Timers* virtual_time = nullptr);
  ~Worker() override;

  /// Starts the thread. `system` may be set before by `attach`.
  void start();
  /// Lets the thread end after the handler it runs, and joins it. Not from the worker's own thread.
  void stop();
  /// Runs one step of what is ready, on the calling thread as if that were the worker's; false when nothing
  /// is. For a worker that was not started.
  bool poll();
  /// Tells CAF which system the actors run in (an execution unit must know before it resumes one).
  void attach(caf::actor_system& system) { system_ = &system; }

  /// Makes `job` runnable here. Takes over one reference to it. Callable from any thread.
  void exec_later(caf::resumable* job) override;

  /// Runs `work` on the worker's thread and waits for it. Not from a worker.
  void run(const std::function<void()>& work);

  std::size_t index() const { return index_; }
  boost::asio::io_context& io() { return io_; }
  Timers& timers() { return *timers_; }
  /// The worker whose thread this is, or nullptr.
  static Worker* current();
  /// CPU time this worker's thread has used so far. Callable from any thread while the worker runs.
  Duration cpu_time() const;

 private:
  void push(caf::resumable* job);
  void run_turn();

  std::size_t index_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running_;
  std::optional<WorkerTimers> own_timers_;  ///< none in virtual time, where nothing of the system's is asked
  Timers* timers_;
  std::vector<caf::resumable*> runnable_;
  std::vector<caf::resumable*> running_;
  bool turn_posted_ = false;
  std::thread thread_;
};

/// All workers of a process. Outlives the actor system whose actors run on them.
class Workers {
 public:
  explicit Workers(std::size_t count, Timers* virtual_time = nullptr);
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
