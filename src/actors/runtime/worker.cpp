// One turn of a worker, from one look at its sockets to the next:
//
//   engine ──> those whose sockets are ready   read A · read B · read C (each makes its actor runnable)
//          ──> tasks and timers that are due
//          ──> actors    round 1: A, B, C      connection actors; each sends a command to database actor D
//                        round 2: D            its mailbox holds all three: one statement
//                        …                     until nobody is runnable, 64 rounds at most
//          ──> engine    what has gathered to be sent goes out
//
// So what one look brought is gathered before it is sent: batches grow with the load, without a timer.
#include "actors/runtime/worker.hpp"

#include <pthread.h>
#include <time.h>

#include <caf/scheduler/abstract_coordinator.hpp>
#include <future>
#include <utility>

#include "actors/runtime/patience.hpp"

namespace troupe::actors {

namespace {

thread_local Worker* current_worker = nullptr;

// An actor that has more to do than this goes to the end of the queue, so that one busy mailbox cannot hold
// up sockets.
constexpr std::size_t messages_per_resume = 4096;
constexpr int rounds_per_turn = 64;

}  // namespace

Worker::Worker(std::size_t index, IoMode io, Wakeups wakeups)
    : index_(index), io_mode_(io), wakeups_(wakeups), timers_(&own_timers_.emplace(*this)) {}

Worker::Worker(std::size_t index, Timers& virtual_time) : index_(index), timers_(&virtual_time) {}

Worker::~Worker() {
  stop();
}

void Worker::start() {
  std::promise<void> ready;
  thread_ = std::thread([this, &ready] {
    current_worker = this;
    pthread_setname_np(pthread_self(), ("worker-" + std::to_string(index_)).c_str());
    try {
      io_ = make_io_engine(io_mode_);  // which belongs to the thread that makes it
    } catch (...) {
      return ready.set_exception(std::current_exception());
    }
    ready.set_value();
    work();
    current_worker = nullptr;
  });
  auto made = ready.get_future();
  made.wait();
  if (!io_) thread_.join();
  made.get();
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  post([this] { stopping_ = true; });  // behind what was posted before, which may hold actors
  thread_.join();
  // Actors that were runnable and never will be: CAF must hear of it while the actor system still exists.
  take_what_others_left();
  for (auto* job : runnable_) caf::scheduler::abstract_coordinator::cleanup_and_release(job);
  runnable_.clear();
  // A thread of its own (caf::detached) ends with its actor's last reference, and the actor system waits for
  // it.
  tasks_.clear();
  own_timers_->clear();
}

void Worker::work() {
  own_timers_->begin_turn();
  Patience patience(wakeups_, timers_->now());
  while (!stopping_) {
    take_what_others_left();
    run_tasks();
    own_timers_->fire();
    run_actors();
    io_->wait(sleep());
    asleep_.store(false, std::memory_order_relaxed);
    own_timers_->begin_turn();
    patience.look(timers_->now());
    io_->dispatch();
  }
}

Duration Worker::sleep() {
  if (!runnable_.empty() || !tasks_.empty() || stopping_) return {};
  // Who leaves something behind this line wakes the engine; what was left before it is seen here.
  asleep_.store(true);
  if (left_something_.load()) return {};
  const auto next = own_timers_->next();
  return next == TimePoint::max() ? Duration::max() : next - timers_->precisely();
}

bool Worker::poll() {
  if (tasks_.empty()) return false;
  current_worker = this;
  const auto task = std::move(tasks_.front());
  tasks_.pop_front();
  task();
  current_worker = nullptr;
  return true;
}

void Worker::run_actors() {
  // Actors made runnable meanwhile run in the same turn, in order: a database actor after all that sent to
  // it.
  for (int round = 0; round < rounds_per_turn && !runnable_.empty(); ++round) {
    running_.swap(runnable_);
    for (auto* job : running_) {
      switch (job->resume(this, messages_per_resume)) {
        case caf::resumable::resume_later:
          runnable_.push_back(job);
          break;
        default:
          caf::intrusive_ptr_release(job);
      }
    }
    running_.clear();
  }
}

void Worker::run_tasks() {
  for (auto left = tasks_.size(); left > 0; --left) {
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
  }
}

void Worker::exec_later(caf::resumable* job) {
  if (current_worker == this) return push(job);
  if (is_virtual()) return tasks_.emplace_back([this, job] { push(job); }), void();
  {
    const std::lock_guard lock(mutex_);
    others_jobs_.push_back(job);
  }
  wake();
}

void Worker::push(caf::resumable* job) {
  runnable_.push_back(job);
  // In virtual time the actors' turn is one of the tasks.
  if (is_virtual() && !std::exchange(turn_posted_, true)) tasks_.emplace_back([this] { run_posted_turn(); });
}

void Worker::run_posted_turn() {
  run_actors();
  turn_posted_ = !runnable_.empty();
  if (turn_posted_) tasks_.emplace_back([this] { run_posted_turn(); });
}

void Worker::run_at(TimePoint when, Task task) {
  if (current_worker == this) return own_timers_->run_at(when, std::move(task));
  post([this, when, task = std::move(task)]() mutable { own_timers_->run_at(when, std::move(task)); });
}

void Worker::post(Task task) {
  if (current_worker == this || is_virtual()) return tasks_.push_back(std::move(task));
  {
    const std::lock_guard lock(mutex_);
    others_tasks_.push_back(std::move(task));
  }
  wake();
}

void Worker::wake() {
  left_something_.store(true);
  if (asleep_.exchange(false)) io_->wake();
}

void Worker::take_what_others_left() {
  if (!left_something_.exchange(false)) return;
  {
    const std::lock_guard lock(mutex_);
    taken_jobs_.swap(others_jobs_);
    taken_tasks_.swap(others_tasks_);
  }
  runnable_.insert(runnable_.end(), taken_jobs_.begin(), taken_jobs_.end());
  for (auto& task : taken_tasks_) tasks_.push_back(std::move(task));
  taken_jobs_.clear();
  taken_tasks_.clear();
}

void Worker::run(const std::function<void()>& work) {
  std::promise<void> done;
  post([&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

Worker* Worker::current() {
  return current_worker;
}

Duration Worker::cpu_time() const {
  // A thread's CPU clock can be read from outside (pthread_getcpuclockid(3)); joined threads have none.
  clockid_t clock;
  timespec used{};
  auto handle = const_cast<std::thread&>(thread_).native_handle();
  if (!thread_.joinable() || pthread_getcpuclockid(handle, &clock) != 0 || clock_gettime(clock, &used) != 0) {
    return Duration::zero();
  }
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

Workers::Workers(std::size_t count, IoMode io, Wakeups wakeups) {
  for (std::size_t index = 0; index < count; ++index)
    workers_.push_back(std::make_unique<Worker>(index, io, wakeups));
}

Workers::Workers(std::size_t count, Timers& virtual_time) {
  for (std::size_t index = 0; index < count; ++index)
    workers_.push_back(std::make_unique<Worker>(index, virtual_time));
}

void Workers::start() {
  for (auto& worker : workers_) worker->start();
}

void Workers::stop() {
  for (auto& worker : workers_) worker->stop();
}

}  // namespace troupe::actors
