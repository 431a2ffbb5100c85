// One turn of a worker, from one look at its sockets to the next:
//
//   epoll ──> handlers that are ready         read A · read B · read C (each makes its actor runnable)
//         ──> run_turn   round 1: A, B, C     connection actors; each sends a command to database actor D
//                        round 2: D           its mailbox holds all three: one statement
//                        …                    until nobody is runnable, 64 rounds at most
//         ──> epoll
//
// So what one poll brought is gathered before it is sent: batches grow with the load, without a timer.
#include "actors/runtime/worker.hpp"

#include <pthread.h>
#include <time.h>

#include <boost/asio/post.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <future>

namespace troupe::actors {

namespace {

thread_local Worker* current_worker = nullptr;

// An actor that has more to do than this goes to the end of the queue, so that one busy mailbox cannot hold
// up sockets.
constexpr std::size_t messages_per_resume = 4096;

}  // namespace

Worker::Worker(std::size_t index, Timers* virtual_time)
    : index_(index),
      io_(1),
      keep_running_(io_.get_executor()),
      timers_(virtual_time != nullptr ? virtual_time : &own_timers_.emplace(*this)) {}

Worker::~Worker() {
  stop();
}

void Worker::start() {
  thread_ = std::thread([this] {
    current_worker = this;
    pthread_setname_np(pthread_self(), ("worker-" + std::to_string(index_)).c_str());
    io_.run();
    current_worker = nullptr;
  });
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  run([] {});  // what was posted before this may hold actors
  io_.stop();
  thread_.join();
  // Actors that were runnable and never will be: CAF must hear of it while the actor system still exists.
  for (auto* job : runnable_) caf::scheduler::abstract_coordinator::cleanup_and_release(job);
  runnable_.clear();
  // A thread of its own (caf::detached) ends with its actor's last reference, and the actor system waits for
  // it.
  own_timers_->clear();
}

bool Worker::poll() {
  current_worker = this;
  const auto ran = io_.poll_one();
  current_worker = nullptr;
  return ran != 0;
}

void Worker::run(const std::function<void()>& work) {
  std::promise<void> done;
  boost::asio::post(io_, [&] {
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

void Worker::exec_later(caf::resumable* job) {
  if (current_worker == this) {
    push(job);
  } else {
    boost::asio::post(io_, [this, job] { push(job); });
  }
}

void Worker::push(caf::resumable* job) {
  runnable_.push_back(job);
  if (turn_posted_) return;
  // The turn goes behind the handlers that are ready now: everything one poll brought is gathered before
  // actors run.
  turn_posted_ = true;
  boost::asio::post(io_, [this] { run_turn(); });
}

void Worker::run_turn() {
  // Actors made runnable meanwhile run in the same turn, in order: a database actor after all that sent to
  // it.
  for (int round = 0; round < 64 && !runnable_.empty(); ++round) {
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
  turn_posted_ = !runnable_.empty();
  if (turn_posted_) boost::asio::post(io_, [this] { run_turn(); });
}

Workers::Workers(std::size_t count, Timers* virtual_time) {
  for (std::size_t index = 0; index < count; ++index) {
    workers_.push_back(std::make_unique<Worker>(index, virtual_time));
  }
}

void Workers::start() {
  for (auto& worker : workers_) worker->start();
}

void Workers::stop() {
  for (auto& worker : workers_) worker->stop();
}

}  // namespace troupe::actors
