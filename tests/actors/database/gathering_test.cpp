#include "actors/database/gathering.hpp"

#include <catch2/catch.hpp>

#include "helpers/item_commands.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

Batch creates(std::size_t commands, std::size_t of = 1) {
  Batch batch;
  batch.of = of;
  for (std::size_t i = 0; i < commands; ++i) {
    batch.commands.emplace_back();
    batch.commands.back().command = create_item();
  }
  return batch;
}

/// Commits of 32 rows, one after the other; when the last one came back.
TimePoint commit(Gathering& gathering, Duration each, std::size_t waiting, int many = 50) {
  TimePoint now{1h};
  for (int i = 0; i < many; ++i, now += each) gathering.committed(creates(32), now, now + each, waiting);
  return now;
}

}  // namespace

TEST_CASE(
    "where a commit takes long, writes wait for those whom the last one has answered, as long as they come") {
  Gathering gathering(5ms, std::make_shared<LaneState>(), 4, 2);
  auto now = commit(gathering, 2ms, 20);
  const auto wait = [&](std::size_t came) {  // how long this one may take; and then the next commit's
    const auto longest = gathering.until() - now;
    CHECK(gathering.waits(now + longest - 10us, 20));
    CHECK_FALSE(
        gathering.waits(now + longest - 5us, 52));  // all 32 have come again: nobody else is waited for
    gathering.committed(creates(32), now, now + 2ms, 20);
    now += 2ms;
    CHECK_FALSE(gathering.waits(gathering.until(), came));
    gathering.committed(creates(32), now, now + 2ms, 20);
    now += 2ms;
    return longest;
  };
  CHECK(wait(52) == 2ms);
  CHECK(wait(51) == 2ms);  // one has not come
  CHECK(wait(52) == 400us);
}

TEST_CASE("who waits in vain tries it less and less often, and often again when it was worth it") {
  Gathering gathering(5ms, nullptr, 4, 2);
  auto now = commit(gathering, 2ms, 0);
  const auto short_waits = [&](std::size_t came) {  // after a long one that ends so
    int count = 0;
    for (bool first = true;; first = false) {
      const bool is_short = gathering.until() - now < 1ms;
      if (!first && !is_short) return count;
      count += is_short;
      CHECK_FALSE(gathering.waits(gathering.until(), first ? came : 0));
      gathering.committed(creates(32), now, now + 2ms, 0);
      now += 2ms;
    }
  };
  for (const int expected : {1, 2, 4, 8, 16, 32, 64, 64}) CHECK(short_waits(31) == expected);
  CHECK(short_waits(32) == 0);
  CHECK(short_waits(31) == 1);
}

TEST_CASE("where a commit is quick nobody waits, and never longer than the setting says") {
  Gathering quick(5ms, nullptr, 4, 2);
  CHECK_FALSE(quick.waits(commit(quick, 300us, 20), 0));
  Gathering bounded(1ms, nullptr, 4, 2);
  const auto now = commit(bounded, 20ms, 20);
  CHECK(bounded.until() - now == 1ms);
  Gathering never(0ms, nullptr, 4, 2);
  CHECK_FALSE(never.waits(commit(never, 20ms, 20), 0));
}

TEST_CASE("a transaction of several statements counts once, with all their rows") {
  const auto state = std::make_shared<LaneState>();
  Gathering gathering(5ms, state, 4, 2);
  TimePoint now{1h};
  gathering.committed(creates(10, 2), now, now + 2ms, 0);
  CHECK(state->commit_ns == 0);
  gathering.committed(creates(20, 2), now + 2ms, now + 2ms, 5);
  CHECK(state->commit_ns == 2'000'000);
  CHECK(gathering.waits(now + 2ms, 34));
  CHECK_FALSE(gathering.waits(now + 2ms, 35));
}

TEST_CASE("what was measured is told to the pool, which packs writes by it") {
  const auto state = std::make_shared<LaneState>();
  Gathering gathering(5ms, state, 4, 2);
  commit(gathering, 300us, 0);
  CHECK(state->writes == 0);
  CHECK(state->gathering_ns == 0);
  commit(gathering, 3ms, 0, 500);
  CHECK(state->writes == 1);
  CHECK(state->gathering_ns == Approx(3'000'000).epsilon(0.1));
}
