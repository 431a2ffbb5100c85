#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "actors/runtime/worker.hpp"
#include "helpers/eventually.hpp"
#include "helpers/io_modes.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;

TEST_CASE("whatever other threads leave with a worker is done, however it slept") {
  Worker worker(0, GENERATE(from_range(tests::io_modes())));
  worker.start();
  constexpr int threads = 4, tasks = 20'000;
  std::atomic<int> done{0};
  std::vector<std::thread> others;
  for (int thread = 0; thread < threads; ++thread) {
    others.emplace_back([&] {
      for (int i = 0; i < tasks; ++i) {
        worker.post([&] { ++done; });
        if (i % 64 == 0) std::this_thread::yield();
      }
    });
  }
  for (auto& other : others) other.join();
  CHECK(tests::eventually([&] { return done == threads * tasks; }));
  worker.stop();
}

TEST_CASE("a task runs at its time and not before, to a fraction of a millisecond") {
  Worker worker(0, GENERATE(from_range(tests::io_modes())));
  worker.start();
  std::vector<Duration> early;
  std::atomic<int> done{0};
  for (const auto wait : {300us, 5'000us, 1'500us}) {
    const auto when = TimePoint::clock::now() + wait;
    worker.run_at(when, [&, when] {
      early.push_back(when - TimePoint::clock::now());
      ++done;
    });
  }
  CHECK(tests::eventually([&] { return done == 3; }));
  worker.stop();
  for (const auto left : early) CHECK(left <= Duration::zero());
}

TEST_CASE("the tasks of one thread run in the order in which it left them") {
  Worker worker(0, GENERATE(from_range(tests::io_modes())));
  worker.start();
  std::vector<int> order;
  for (int i = 0; i < 1'000; ++i) worker.post([&order, i] { order.push_back(i); });
  worker.run([] {});
  worker.stop();
  REQUIRE(order.size() == 1'000);
  CHECK(std::ranges::is_sorted(order));
}

TEST_CASE("what a turn does belongs to one moment, which is not the moment of another thread") {
  Worker worker(0, GENERATE(from_range(tests::io_modes())));
  worker.start();
  TimePoint first, second, precise;
  worker.run([&] {
    first = worker.timers().now();
    while (worker.timers().precisely() < first + 2ms) {
    }
    second = worker.timers().now();
    precise = worker.timers().precisely();
  });
  CHECK(first == second);
  CHECK(precise >= first + 2ms);
  TimePoint next;
  worker.run([&] { next = worker.timers().now(); });
  CHECK(next >= precise);
  CHECK(worker.timers().now() > next);
  worker.stop();
}
