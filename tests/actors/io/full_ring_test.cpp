// More at once than a ring has places for.
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "actors/runtime/worker.hpp"
#include "helpers/eventually.hpp"
#include "helpers/io_modes.hpp"

using namespace troupe;
using namespace troupe::actors;

namespace {

struct Counter final : WatchUser {
  void on_ready(bool) override { ++told; }
  std::atomic<int> told{0};
};

}  // namespace

TEST_CASE(
    "more waits than a ring has entries begin in one turn, and more end in one than it has completions") {
  if (!usable_io(IoMode::io_uring)) return;  // epoll has no such places
  constexpr int waits = 20'000;
  Worker worker(0, IoMode::io_uring);
  worker.start();
  const Descriptor event(::eventfd(0, EFD_CLOEXEC));
  Counter counter;
  std::vector<std::unique_ptr<Watch>> watches;
  const bool ready_before = GENERATE(false, true);
  const std::uint64_t one = 1;
  if (ready_before) REQUIRE(::write(event.number(), &one, sizeof one) == sizeof one);
  worker.run([&] {
    for (int i = 0; i < waits; ++i) {
      watches.push_back(worker.io().watch(event.number(), counter));
      watches.back()->wait_readable();
    }
  });
  if (!ready_before) REQUIRE(::write(event.number(), &one, sizeof one) == sizeof one);
  CHECK(tests::eventually([&] { return counter.told == waits; }));
  worker.run([&] { watches.clear(); });
  worker.stop();
  CHECK(counter.told == waits);
}

TEST_CASE("waits that are given up in the turn in which they began tell nobody") {
  Worker worker(0, GENERATE(from_range(tests::io_modes())));
  worker.start();
  const Descriptor event(::eventfd(1, EFD_CLOEXEC));
  Counter counter;
  worker.run([&] {
    for (int i = 0; i < 3'000; ++i) worker.io().watch(event.number(), counter)->wait_readable();
  });
  worker.run([] {});
  worker.stop();
  CHECK(counter.told == 0);
}
