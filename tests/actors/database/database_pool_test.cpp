#include "actors/database/database_pool.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch.hpp>

#include "actors/runtime/messages.hpp"
#include "helpers/item_commands.hpp"

using namespace troupe::actors;
using namespace troupe::tests;

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

  explicit Fixture(std::size_t queue_limit = 100) {
    std::vector<DatabasePool::Member> members;
    for (std::size_t index = 0; index < 4; ++index) {
      seen.push_back(std::make_shared<int>(0));
      auto stats = std::make_shared<DatabaseActorStats>();
      stats->ready = true;
      members.push_back({system.spawn<Counting>(seen.back()), index % 2, stats});
    }
    pool = std::make_unique<DatabasePool>(std::move(members), queue_limit);
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
  Fixture fixture(3);
  for (int i = 0; i < 12; ++i) REQUIRE_FALSE(fixture.submit(read_item(i)));
  CHECK(fixture.counts() == std::vector<int>{3, 3, 3, 3});
  const auto refused = fixture.submit(read_item(13));
  REQUIRE(refused);
  CHECK(refused->kind == Failure::Kind::queue_full);
  CHECK(fixture.counts() == std::vector<int>{3, 3, 3, 3});
}

TEST_CASE("connections that are away get nothing, and without any the answer is database_away at once") {
  Fixture fixture;
  fixture.stats(0).ready = false;
  fixture.stats(2).ready = false;
  REQUIRE_FALSE(fixture.submit(read_item(1), 0));
  CHECK(fixture.counts()[0] + fixture.counts()[2] == 0);
  fixture.stats(1).ready = false;
  fixture.stats(3).ready = false;
  CHECK_FALSE(fixture.pool->any_ready());
  const auto refused = fixture.submit(read_item(1), 0);
  REQUIRE(refused);
  CHECK(refused->kind == Failure::Kind::database_away);
}
