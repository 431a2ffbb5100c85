#include "actors/database/database_pool.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch.hpp>

#include "actors/database/database_pool_start.hpp"
#include "actors/runtime/messages.hpp"
#include "helpers/item_commands.hpp"

using namespace troupe::actors;
using namespace troupe::tests;
using namespace std::chrono_literals;
using troupe::TimePoint;

namespace {

// Counts the commands it gets; the pool sees a database actor.
class Counting : public caf::event_based_actor {
 public:
  Counting(caf::actor_config& config, std::shared_ptr<int> seen)
      : event_based_actor(config), seen_(std::move(seen)) {}
  caf::behavior make_behavior() override {
    return {[this](const Command&) { ++*seen_; }, [this](Stop) { quit(); }};
  }

 private:
  std::shared_ptr<int> seen_;
};

// A pool of two members on worker 0 and two on worker 1, under CAF's deterministic scheduler.
struct Fixture {
  struct Config : caf::actor_system_config {
    Config() { set("scheduler.policy", caf::atom("testing")); }
  };
  Config config;
  caf::actor_system system{config};
  std::vector<std::shared_ptr<int>> seen;
  std::unique_ptr<DatabasePool> pool;
  caf::scoped_actor sender{system};

  explicit Fixture(PoolRules rules = {100, 512, false, nullptr}) {
    std::vector<DatabasePool::Member> members;
    for (std::size_t index = 0; index < 4; ++index) {
      seen.push_back(std::make_shared<int>(0));
      auto stats = std::make_shared<DatabaseActorStats>();
      stats->ready = true;
      members.push_back({system.spawn<Counting>(seen.back()), index % 2, stats});
    }
    pool = std::make_unique<DatabasePool>(std::move(members), std::move(rules));
  }
  ~Fixture() {
    for (const auto& member : pool->members()) caf::anon_send(member.actor, Stop{});
    run();
  }
  void run() { dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler()).run(); }
  std::optional<Failure> submit(Command command, std::size_t home = 0) {
    return pool->submit(*sender.ptr(), home, std::move(command));
  }
  std::vector<int> counts() {
    run();
    return {*seen[0], *seen[1], *seen[2], *seen[3]};
  }
  DatabaseActorStats& stats(std::size_t index) { return *pool->members()[index].stats; }
};

}  // namespace

TEST_CASE("single-row commands stay on the sender's worker and spread over its connections") {
  Fixture fixture;
  const auto home = GENERATE(std::size_t{0}, std::size_t{1});
  for (int i = 0; i < 10; ++i) REQUIRE_FALSE(fixture.submit(read_item(i), home));
  const auto counts = fixture.counts();
  CHECK(counts[home] == 5);
  CHECK(counts[home + 2] == 5);
}

TEST_CASE("single-row commands go round connections that run a list") {
  Fixture fixture;
  REQUIRE_FALSE(fixture.submit(list_items()));
  REQUIRE_FALSE(fixture.submit(list_items()));
  for (int i = 0; i < 6; ++i) REQUIRE_FALSE(fixture.submit(read_item(i)));
  const auto counts = fixture.counts();
  for (std::size_t index = 0; index < 4; ++index) {
    const bool ran_list = fixture.stats(index).lists > 0;
    CHECK((counts[index] == 1) == ran_list);
  }
}

TEST_CASE("lists spread over all connections before two share one") {
  Fixture fixture;
  for (int i = 0; i < 4; ++i) REQUIRE_FALSE(fixture.submit(list_items()));
  CHECK(fixture.counts() == std::vector<int>{1, 1, 1, 1});
}

TEST_CASE("a full queue is passed over, and when all are full the answer is queue_full at once") {
  Fixture fixture({3, 512, false, nullptr});
  for (int i = 0; i < 12; ++i) REQUIRE_FALSE(fixture.submit(read_item(i)));
  CHECK(fixture.counts() == std::vector<int>{3, 3, 3, 3});
  const auto refused = fixture.submit(read_item(13));
  REQUIRE(refused);
  CHECK(refused->kind == Failure::Kind::queue_full);
  CHECK(fixture.counts() == std::vector<int>{3, 3, 3, 3});
}

TEST_CASE("connections that are away get nothing while another works, and without any the command waits") {
  const auto lanes = GENERATE(false, true);
  Fixture fixture({100, 512, lanes, std::make_shared<LaneState>()});
  fixture.stats(0).ready = false;
  fixture.stats(2).ready = false;
  REQUIRE_FALSE(fixture.submit(read_item(1), 0));
  CHECK(fixture.counts()[0] + fixture.counts()[2] == 0);
  fixture.stats(1).ready = false;
  fixture.stats(3).ready = false;
  CHECK_FALSE(fixture.pool->any_ready());
  REQUIRE_FALSE(fixture.submit(read_item(1), 0));
  CHECK(fixture.counts()[0] + fixture.counts()[2] == 1);
}

TEST_CASE("a pool that is being stopped refuses at once") {
  Fixture fixture;
  stop_pool(*fixture.pool);
  const auto refused = fixture.submit(read_item(1), 0);
  REQUIRE(refused);
  CHECK(refused->kind == Failure::Kind::database_away);
}

TEST_CASE(
    "a command that would wait past its deadline is refused at once, one that waits for others is not") {
  Fixture fixture({1'000'000, 10, false, nullptr});
  for (std::size_t index = 0; index < 4; ++index) {
    fixture.stats(index).row_time_ns = 2'000'000;
    fixture.stats(index).outstanding = 1'000;  // a hundred statements of 10 rows: 0.2 s
  }
  auto command = read_item(1);
  command.head.submitted = TimePoint(1h);
  command.head.deadline = command.head.submitted + 201ms;
  const auto refused = fixture.submit(command);
  REQUIRE(refused);
  CHECK(refused->kind == Failure::Kind::queue_full);
  command.head.deadline = command.head.submitted + 203ms;
  CHECK_FALSE(fixture.submit(command));
  for (std::size_t index = 0; index < 4; ++index) fixture.stats(index).lists = 1'000;
  command.head.deadline = command.head.submitted + 1ms;
  CHECK_FALSE(fixture.submit(command));  // it goes before the lists
}

namespace {

/// With lanes, while writes are packed on so many connections.
struct LanesFixture : Fixture {
  explicit LanesFixture(std::size_t writes) : Fixture({100, 512, true, state(writes)}) {}
  static std::shared_ptr<LaneState> state(std::size_t writes) {
    auto made = std::make_shared<LaneState>();
    made->writes = writes;
    return made;
  }
};

}  // namespace

TEST_CASE("while commits are quick each worker's single rows are packed on its own first connection") {
  LanesFixture fixture(0);
  for (int i = 0; i < 10; ++i) {
    REQUIRE_FALSE(fixture.submit(read_item(i), 0));
    REQUIRE_FALSE(fixture.submit(create_item(), 1));
  }
  CHECK(fixture.counts() == std::vector<int>{10, 10, 0, 0});
}

TEST_CASE("where commits are slow all writes meet on one connection, and no read goes there") {
  LanesFixture fixture(1);
  for (std::size_t home : {0, 1, 0, 1}) {
    REQUIRE_FALSE(fixture.submit(create_item(), home));
    REQUIRE_FALSE(fixture.submit(change_item(1), home));
    REQUIRE_FALSE(fixture.submit(read_item(1), home));
  }
  CHECK(fixture.counts() == std::vector<int>{2, 2, 0, 8});
}

TEST_CASE("lists take half of the connections at most, and never the one that writes are packed on") {
  const auto [writes, expected] = GENERATE(
      table<std::size_t, std::vector<int>>({{0, {0, 0, 4, 4}}, {1, {0, 4, 4, 0}}, {2, {0, 8, 0, 0}}}));
  LanesFixture fixture(writes);
  for (int i = 0; i < 8; ++i) REQUIRE_FALSE(fixture.submit(list_items(), 0));
  CHECK(fixture.counts() == expected);
  REQUIRE_FALSE(fixture.submit(read_item(1), 1));
  CHECK(fixture.counts()[0] + fixture.counts()[1] + fixture.counts()[2] + fixture.counts()[3] == 9);
  CHECK(fixture.stats(0).lists == 0);  // one is always free for single rows
}

TEST_CASE("a list leaves its lane when no connection there works") {
  LanesFixture fixture(0);
  fixture.stats(2).ready = false;
  fixture.stats(3).ready = false;
  REQUIRE_FALSE(fixture.submit(list_items(), 0));
  const auto counts = fixture.counts();
  CHECK(counts[0] + counts[1] == 1);
}

TEST_CASE("single rows leave their lane rather than to wait behind a list") {
  LanesFixture fixture(0);
  fixture.stats(1).lists = 1;
  REQUIRE_FALSE(fixture.submit(read_item(1), 1));
  CHECK(fixture.counts() == std::vector<int>{0, 0, 0, 1});
}

TEST_CASE("a connection whose statements take long is not packed: the others are there for that") {
  LanesFixture fixture(0);
  fixture.stats(0).row_time_ns = 5'000'000;
  for (int i = 0; i < 2; ++i) REQUIRE_FALSE(fixture.submit(create_item(), 0));
  const auto counts = fixture.counts();
  CHECK(counts[0] == 1);
  CHECK(counts[2] == 1);
}
