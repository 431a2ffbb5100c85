// What one flush of writes becomes: one transaction, and what is tried when PostgreSQL refuses it.
#include <catch2/catch.hpp>

#include "actors/database/database_actor.hpp"
#include "helpers/database_actor_fixture.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

/// A write is in flight, so that what comes now gathers.
struct GatheringFixture : DatabaseActorFixture {
  GatheringFixture() : first(create()) { settle(); }
  void answer_first() { answer({1}); }
  std::uint64_t first;
};

}  // namespace

TEST_CASE("writes of several kinds that gather while one commits are sent as one transaction") {
  GatheringFixture fixture;
  const auto created = fixture.create();
  const auto changed = fixture.send(change_item(3));
  const auto removed = fixture.send(remove_item(4));
  fixture.settle();
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.answer_first();
  REQUIRE(fixture.server.unanswered().size() == 3);
  CHECK(fixture.server.unanswered().back().ends_with("_create"));
  while (!fixture.server.unanswered().empty()) {
    const auto name = fixture.server.unanswered().front();
    fixture.answer({name.ends_with("_create") ? 7 : name.ends_with("_change") ? 3 : 4});
  }
  CHECK(fixture.item_of(created) == 7);
  CHECK(fixture.item_of(changed) == 3);
  CHECK(std::holds_alternative<Done>(fixture.replies[removed].front()));
}

TEST_CASE("a refused transaction is tried one kind at a time, and a bad row fails only itself") {
  GatheringFixture fixture;
  const auto bad = fixture.create();
  const auto removed = fixture.send(remove_item(4));
  fixture.settle();
  fixture.answer_first();
  REQUIRE(fixture.server.unanswered().size() == 2);
  fixture.refuse("23514");
  REQUIRE(fixture.server.unanswered().size() == 1);
  if (fixture.server.unanswered().front().ends_with("_remove")) {
    fixture.answer({4});
    fixture.refuse("23514");
  } else {
    fixture.refuse("23514");
    fixture.answer({4});
  }
  CHECK(fixture.failed(bad, Failure::Kind::rejected));
  CHECK(std::holds_alternative<Done>(fixture.replies[removed].front()));
}

TEST_CASE("one bad row of a hundred is found in about two times log2 of them") {
  GatheringFixture fixture;
  std::vector<std::uint64_t> good;
  std::uint64_t bad = 0;
  const auto place = GENERATE(0, 37, 99);
  for (int i = 0; i < 100; ++i) {
    const auto ticket = fixture.send(create_item(i == place ? "the bad one" : "good"));
    i == place ? bad = ticket : (good.push_back(ticket), ticket);
  }
  fixture.settle();
  fixture.answer_first();
  int statements = 0;
  for (; !fixture.server.unanswered().empty(); ++statements) {
    if (fixture.server.oldest_holds("the bad one")) {
      fixture.refuse("22003");
    } else {
      fixture.answer(std::vector<std::int64_t>(fixture.server.oldest_rows(), 7));
    }
  }
  CHECK(statements <= 15);
  CHECK(fixture.failed(bad, Failure::Kind::rejected));
  for (const auto ticket : good) CHECK(fixture.item_of(ticket) == 7);
}

TEST_CASE("a deadlock costs a transaction another try, and when it meets one again its kinds go apart") {
  GatheringFixture fixture;
  const auto changed = fixture.send(change_item(3));
  const auto removed = fixture.send(remove_item(4));
  fixture.settle();
  fixture.answer_first();
  fixture.refuse("40P01");
  CHECK(fixture.server.unanswered().size() == 2);
  fixture.refuse("40P01");
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.refuse("40P01");
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.refuse("40P01");
  CHECK(fixture.failed(changed, Failure::Kind::busy));
  CHECK(fixture.failed(removed, Failure::Kind::busy));
}

TEST_CASE("what the server itself cannot do now fails a transaction at once, without splitting it") {
  GatheringFixture fixture;
  const auto changed = fixture.send(change_item(3));
  const auto removed = fixture.send(remove_item(4));
  fixture.settle();
  fixture.answer_first();
  fixture.refuse("53100");
  CHECK(fixture.failed(changed, Failure::Kind::busy));
  CHECK(fixture.failed(removed, Failure::Kind::busy));
  CHECK(fixture.server.unanswered().empty());
}

TEST_CASE("who waits for a locked row does so alone, and its neighbours are not kept") {
  GatheringFixture fixture;
  const auto locked = fixture.send(change_item(3)), free = fixture.send(change_item(4));
  fixture.settle();
  fixture.answer_first();
  fixture.refuse("55P03");
  fixture.refuse("55P03");  // not for long yet
  fixture.answer({4});
  CHECK(fixture.item_of(free) == 4);
  CHECK_FALSE(fixture.answered(locked));
  fixture.answer({3});
  CHECK(fixture.item_of(locked) == 3);
}

TEST_CASE(
    "reads that a lock keeps for as long as writes may wait are run once more, with all the patience there "
    "is") {
  GatheringFixture fixture;
  const auto one = fixture.send(read_item(3)), other = fixture.send(read_item(4));
  fixture.settle();
  fixture.answer_first();
  fixture.refuse("55P03");
  fixture.answer({3, 4});
  CHECK(fixture.item_of(one) == 3);
  CHECK(fixture.item_of(other) == 4);

  const auto late = fixture.send(read_item(5));
  fixture.settle();
  fixture.refuse("55P03");
  fixture.refuse("55P03");
  CHECK(fixture.failed(late, Failure::Kind::busy));
}

TEST_CASE("when the connection breaks all writes of the transaction in flight are unknown") {
  GatheringFixture fixture;
  const auto changed = fixture.send(change_item(3));
  const auto removed = fixture.send(remove_item(4));
  fixture.settle();
  fixture.answer_first();
  fixture.lose();
  CHECK(fixture.failed(changed, Failure::Kind::database_away, true));
  CHECK(fixture.failed(removed, Failure::Kind::database_away, true));
}

TEST_CASE("a server that has become read-only is given up, once a second at most") {
  DatabaseActorFixture fixture;
  const auto early = fixture.create();
  fixture.settle();
  fixture.refuse("25006");
  CHECK(fixture.failed(early, Failure::Kind::database_away));
  CHECK(fixture.server.attempts() == 1);
  fixture.run_for(1100ms);
  if (!fixture.server.unanswered().empty()) fixture.answer({});  // a ping
  const auto late = fixture.create();
  fixture.settle();
  fixture.refuse("25006");
  CHECK(fixture.failed(late, Failure::Kind::database_away));
  fixture.run_until_ready();
  CHECK(fixture.server.attempts() == 2);
}

TEST_CASE("where commits take long the next one waits for those whom the last one answered") {
  DatabaseActorFixture fixture;
  for (int i = 0; i < 30; ++i) {
    fixture.create();
    fixture.settle();
    if (fixture.server.unanswered().empty()) fixture.run_for(6ms);
    fixture.run_for(10ms);
    fixture.answer({7});
  }
  fixture.create();
  fixture.settle();
  CHECK(fixture.server.unanswered().size() == 1);  // one has answered one: all who can come are there
  fixture.create();
  fixture.create();
  fixture.settle();
  fixture.run_for(10ms);
  fixture.answer({7});
  CHECK(fixture.server.unanswered().empty());  // two wait for the third
  fixture.run_for(6ms);
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.answer({7, 8});
}

TEST_CASE("of pipelined reads that end together one is refused, and the others have their answers") {
  DatabaseActorFixture fixture(DatabaseActorFixture::Connecting::at_once, Execution::async,
                               Batching::pipeline);
  std::vector<std::uint64_t> good{fixture.send(read_item(1)), fixture.send(read_item(2))};
  const auto bad = fixture.send(read_item(3));
  fixture.settle();
  REQUIRE(fixture.server.unanswered().size() == 3);
  CHECK(fixture.server.syncs() == 1);
  fixture.refuse("22P02");  // all of them, as what ends together does
  REQUIRE(fixture.server.unanswered().size() == 3);
  CHECK(fixture.server.syncs() == 3);
  fixture.answer({1});
  fixture.answer({2});
  fixture.refuse("22P02");
  CHECK(fixture.item_of(good[0]) == 1);
  CHECK(fixture.item_of(good[1]) == 2);
  CHECK(fixture.failed(bad, Failure::Kind::rejected));
}
