#include "actors/runtime/patience.hpp"

#include <pthread.h>
#include <sched.h>

#include <catch2/catch.hpp>
#include <thread>

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;

TEST_CASE("who waits for a core much longer than it runs is eager, who runs much is patient, else it stays") {
  struct Row {
    CoreTime meanwhile;
    bool from_patient, from_eager;
  };
  const auto row = GENERATE(values<Row>({{{100ms, 100ms}, true, true},  // a server saturated by its own
                                         {{100ms, 199ms}, true, true},
                                         {{100ms, 201ms}, false, false},
                                         {{30ms, 120ms}, false, false},  // beside busy strangers
                                         {{30ms, 30ms}, true, false},
                                         {{0ms, 4ms}, true, false},  // hardly ran
                                         {{0ms, 250ms}, false, false}}));
  CHECK(should_be_patient(true, row.meanwhile) == row.from_patient);
  CHECK(should_be_patient(false, row.meanwhile) == row.from_eager);
}

TEST_CASE("only an eager thread interrupts others from its beginning") {
  const auto wakeups = GENERATE(Wakeups::automatic, Wakeups::patient, Wakeups::eager);
  int policy = -1;
  std::thread([&] {
    const auto begin = TimePoint::clock::now();
    Patience patience(wakeups, begin);
    patience.look(begin + 249ms);  // what happened so far says nothing
    sched_param parameters{};
    pthread_getschedparam(pthread_self(), &policy, &parameters);
  }).join();
  CHECK(policy == (wakeups == Wakeups::eager ? SCHED_OTHER : SCHED_BATCH));
}
