#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace troupe::tests {

/// Watches how late a thread is woken that only sleeps, as long as it lives. A test that holds a server to a
/// deadline adds a multiple of it: what this machine took from everybody meanwhile is no fault of the
/// server's.
class SchedulingLag {
 public:
  SchedulingLag() : watch_([this] { watch(); }) {}
  ~SchedulingLag() {
    stop_ = true;
    watch_.join();
  }
  SchedulingLag(const SchedulingLag&) = delete;
  SchedulingLag& operator=(const SchedulingLag&) = delete;

  /// The worst so far.
  std::chrono::milliseconds worst() const { return std::chrono::milliseconds(worst_.load()); }

 private:
  void watch() {
    constexpr std::chrono::milliseconds nap{5};
    while (!stop_) {
      const auto due = std::chrono::steady_clock::now() + nap;
      std::this_thread::sleep_until(due);
      const auto late = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - due);
      if (late.count() > worst_) worst_ = late.count();
    }
  }

  std::atomic<bool> stop_ = false;
  std::atomic<std::int64_t> worst_ = 0;
  std::thread watch_;
};

}  // namespace troupe::tests
