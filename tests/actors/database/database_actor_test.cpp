#include "actors/database/database_actor.hpp"

#include <catch2/catch.hpp>

#include "helpers/database_actor_fixture.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::tests;
using namespace std::chrono_literals;
using Connecting = ScriptedServer::Connecting;

TEST_CASE("reads that gather while one is in flight share the next statement, and each gets its own row") {
  DatabaseActorFixture fixture;
  const auto first = fixture.read(1);
  fixture.settle();
  const auto second = fixture.read(2), third = fixture.read(3), missing = fixture.read(4);
  fixture.settle();
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.answer({1});
  CHECK(fixture.item_of(first) == 1);
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.answer({3, 2});
  CHECK(fixture.item_of(second) == 2);
  CHECK(fixture.item_of(third) == 3);
  REQUIRE(fixture.answered(missing));
  CHECK(std::holds_alternative<NotFound>(fixture.replies[missing].front()));
}

TEST_CASE("without a connection a command waits for a while and is answered as away, and the actor goes on") {
  DatabaseActorFixture fixture(Connecting::refused);
  const auto refused = fixture.read(1);
  fixture.run_for(240ms);
  CHECK_FALSE(fixture.answered(refused));
  fixture.run_for(100ms);
  CHECK(fixture.failed(refused, Failure::Kind::database_away));
  fixture.run_for(1s);
  CHECK(fixture.server.attempts() > 3);
  fixture.server.connecting = Connecting::at_once;
  fixture.run_until_ready();
  CHECK(fixture.stats().reconnects == 0);
  const auto read = fixture.read(1);
  fixture.settle();
  fixture.answer({1});
  CHECK(fixture.item_of(read) == 1);
}

TEST_CASE("an attempt to connect that hears nothing is given up after the connect timeout") {
  DatabaseActorFixture fixture(Connecting::never);
  const auto begun = fixture.time.timers().now();
  const auto read = fixture.read(1);
  fixture.run_for(400ms);
  CHECK(fixture.failed(read, Failure::Kind::database_away));
  CHECK(fixture.server.attempts() == 1);
  fixture.server.connecting = Connecting::at_once;
  fixture.run_until_ready();
  CHECK(fixture.server.attempts() == 2);
  CHECK(fixture.time.timers().now() - begun >= 2s);
}

TEST_CASE("an idle connection that breaks is made again") {
  DatabaseActorFixture fixture;
  fixture.lose();
  CHECK_FALSE(fixture.stats().ready);
  CHECK(fixture.stats().reconnects == 1);
  fixture.run_until_ready();
  CHECK(fixture.server.attempts() == 2);
}

TEST_CASE("reads in flight are sent once more when the connection breaks, and no third time") {
  DatabaseActorFixture fixture;
  const auto read = fixture.read(1);
  fixture.settle();
  fixture.lose();
  CHECK_FALSE(fixture.answered(read));
  fixture.run_until_ready();
  CHECK(fixture.server.unanswered().size() == 1);
  SECTION("the second connection answers") {
    fixture.answer({1});
    CHECK(fixture.item_of(read) == 1);
  }
  SECTION("the second connection breaks, too") {
    fixture.lose();
    CHECK(fixture.failed(read, Failure::Kind::database_away));
  }
}

TEST_CASE("writes in flight are answered as unknown when the connection breaks, and never sent again") {
  DatabaseActorFixture fixture;
  const auto sent = fixture.create();
  fixture.settle();
  const auto queued = fixture.create();
  fixture.settle();
  fixture.lose();
  CHECK(fixture.failed(sent, Failure::Kind::database_away, true));
  CHECK_FALSE(fixture.answered(queued));
  fixture.run_until_ready();
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.answer({7});
  CHECK(fixture.item_of(queued) == 7);
}

TEST_CASE("answers that came before the connection broke count") {
  DatabaseActorFixture fixture;
  const auto created = fixture.create();
  fixture.settle();
  fixture.server.answer({7});
  fixture.lose();
  CHECK(fixture.item_of(created) == 7);
}

TEST_CASE("a command in flight past its deadline is answered once, and its late answer goes nowhere") {
  DatabaseActorFixture fixture;
  const auto read = fixture.read(1);
  const auto created = fixture.create();
  fixture.settle();
  fixture.run_for(1100ms);
  CHECK(fixture.failed(read, Failure::Kind::deadline_passed));
  CHECK(fixture.failed(created, Failure::Kind::deadline_passed, true));
  fixture.answer({1});
  fixture.answer({7});
  const auto next = fixture.read(2);
  fixture.settle();
  fixture.answer({2});
  CHECK(fixture.item_of(next) == 2);
}

TEST_CASE("a queued command past its deadline is answered as not carried out, and never sent") {
  DatabaseActorFixture fixture;
  const auto first = fixture.create();
  fixture.settle();
  const auto queued = fixture.send(create_item("table"), 300ms);
  fixture.settle();
  fixture.run_for(400ms);
  CHECK(fixture.failed(queued, Failure::Kind::deadline_passed));
  fixture.answer({7});
  CHECK(fixture.item_of(first) == 7);
  CHECK(fixture.server.unanswered().empty());
}

TEST_CASE("a command that came while there was no connection is served by the next one") {
  DatabaseActorFixture fixture;
  fixture.lose();
  const auto created = fixture.create();
  fixture.run_until_ready();
  CHECK_FALSE(fixture.answered(created));
  fixture.answer({7});
  CHECK(fixture.item_of(created) == 7);
}

TEST_CASE("an idle connection that has died is found out by asking it, without anybody who waits") {
  DatabaseActorFixture fixture;
  fixture.run_for(1100ms);
  CHECK(fixture.server.unanswered() == std::vector<std::string>{"ping"});
  SECTION("it lives") {
    fixture.answer({});
    fixture.run_for(900ms);
    CHECK(fixture.stats().reconnects == 0);
  }
  SECTION("it does not") {
    fixture.run_for(1800ms);
    CHECK(fixture.stats().ready);
    fixture.run_for(300ms);
    CHECK(fixture.stats().reconnects == 1);
  }
}

TEST_CASE("a server that is busy with a list is not dead because of the deadlines behind it") {
  DatabaseActorFixture fixture;
  const auto list = fixture.send(list_items(), 3s);
  fixture.settle();
  const auto created = fixture.send(create_item(), 1s);
  fixture.run_for(2900ms);  // silent for nearly two seconds since the create's deadline
  CHECK(fixture.failed(created, Failure::Kind::deadline_passed, true));
  CHECK(fixture.stats().reconnects == 0);
  while (!fixture.server.unanswered().empty()) fixture.answer({1});
  CHECK(fixture.answered(list));
  const auto next = fixture.read(1);
  fixture.settle();
  fixture.answer({1});
  CHECK(fixture.item_of(next) == 1);
}

TEST_CASE("a server that is silent past what it was told to give up after is dead") {
  DatabaseActorFixture fixture;
  fixture.send(list_items(), 3s);
  fixture.run_for(3900ms);
  CHECK(fixture.stats().reconnects == 0);
  fixture.run_for(200ms);
  CHECK(fixture.stats().reconnects == 1);
}

TEST_CASE("the rows of a refused statement run alone, so that a bad one fails only itself") {
  DatabaseActorFixture fixture;
  const auto good = fixture.create(), bad = fixture.create();
  fixture.settle();
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.refuse("23514");
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.answer({7});
  CHECK(fixture.item_of(good) == 7);
  fixture.refuse("23514");
  CHECK(fixture.failed(bad, Failure::Kind::rejected));
}

TEST_CASE("a server that is silent for a second past a deadline is given up") {
  DatabaseActorFixture fixture;
  const auto read = fixture.read(1);
  fixture.settle();
  fixture.run_for(1900ms);
  CHECK(fixture.failed(read, Failure::Kind::deadline_passed));
  CHECK(fixture.stats().reconnects == 0);
  fixture.run_for(200ms);
  CHECK(fixture.stats().reconnects == 1);
  fixture.run_until_ready();
  CHECK(fixture.server.attempts() == 2);
}

TEST_CASE("Stop answers what is in flight, what is queued, and what comes behind it") {
  DatabaseActorFixture fixture;
  const auto read = fixture.read(1);
  const auto created = fixture.create();
  fixture.settle();
  const auto queued = fixture.create();
  fixture.settle();
  stop_pool(*fixture.pool);
  const auto behind = fixture.read(2);
  fixture.stop();
  CHECK(fixture.failed(read, Failure::Kind::database_away));
  CHECK(fixture.failed(created, Failure::Kind::database_away, true));
  CHECK(fixture.failed(queued, Failure::Kind::database_away));
  CHECK(fixture.failed(behind, Failure::Kind::database_away));
}
