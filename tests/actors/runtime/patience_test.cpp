#include "actors/runtime/patience.hpp"

#include <pthread.h>
#include <sched.h>

#include <catch2/catch.hpp>
#include <thread>

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;

TEST_CASE("strangers hold the cores when a thread waits for them much longer than it runs") {
  struct Row {
    CoreTime meanwhile;
    bool strangers;
  };
  const auto row = GENERATE(values<Row>({{{100ms, 100ms}, false},  // a server that is saturated by its own
                                         {{100ms, 199ms}, false},
                                         {{100ms, 201ms}, true},
                                         {{30ms, 120ms}, true},
                                         {{0ms, 4ms}, false},  // hardly ran
                                         {{0ms, 250ms}, true}}));
  CHECK(has_strangers(row.meanwhile) == row.strangers);
}

TEST_CASE("only an eager thread interrupts others from its beginning") {
  const auto wakeups = GENERATE(Wakeups::automatic, Wakeups::patient, Wakeups::eager);
  int policy = -1;
  std::thread([&] {
    Patience patience(wakeups);
    for (int i = 0; i < 100; ++i) patience.look(TimePoint::clock::now());
    sched_param parameters{};
    pthread_getschedparam(pthread_self(), &policy, &parameters);
  }).join();
  CHECK(policy == (wakeups == Wakeups::eager ? SCHED_OTHER : SCHED_BATCH));
}
