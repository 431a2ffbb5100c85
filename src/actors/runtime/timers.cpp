#include "actors/runtime/timers.hpp"

#include <boost/asio/post.hpp>
#include <caf/send.hpp>

#include "actors/runtime/worker.hpp"

namespace troupe::actors {

WorkerTimers::WorkerTimers(Worker& worker) : worker_(worker), timer_(worker.io()) {}

void WorkerTimers::call_at(TimePoint when, caf::actor target, std::uint64_t token) {
  Entry entry{when, std::move(target), token};
  if (Worker::current() == &worker_) {
    add(std::move(entry));
  } else {
    boost::asio::post(worker_.io(), [this, entry = std::move(entry)]() mutable { add(std::move(entry)); });
  }
}

void WorkerTimers::add(Entry entry) {
  entries_.push(std::move(entry));
  arm();
}

void WorkerTimers::arm() {
  if (entries_.empty() || entries_.top().when >= armed_for_) return;
  armed_for_ = entries_.top().when;
  timer_.expires_at(armed_for_);
  timer_.async_wait([this](boost::system::error_code ec) {
    if (!ec) fire();
  });
}

void WorkerTimers::fire() {
  const auto due = now();
  while (!entries_.empty() && entries_.top().when <= due) {
    caf::anon_send(entries_.top().target, TimerTick{entries_.top().token});
    entries_.pop();
  }
  armed_for_ = TimePoint::max();
  arm();
}

}  // namespace troupe::actors
