#include "actors/database/waiting_database_actor.hpp"

#include <catch2/catch.hpp>

#include "helpers/database_actor_fixture.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

struct WaitingFixture : DatabaseActorFixture {
  WaitingFixture() : DatabaseActorFixture(Connecting::at_once, Execution::blocking) {}

  // Each wait lets its time pass and then does the next of these.
  void while_waiting(std::vector<std::function<void()>> steps) {
    server.while_waited_for = [this, steps = std::move(steps), next = std::size_t{0}](auto timeout) mutable {
      time.timers().pass(timeout);
      if (next < steps.size()) steps[next++]();
    };
  }
  std::function<void()> answering(std::vector<std::int64_t> items) {
    return [this, items = std::move(items)] { server.answer(items); };
  }
};

}  // namespace

TEST_CASE("an actor that waits looks at its mailbox again only when everything sent is answered") {
  WaitingFixture fixture;
  std::uint64_t second = 0, third = 0;
  std::size_t statements_meanwhile = 0;
  fixture.while_waiting({[&] {
                           second = fixture.read(2);
                           third = fixture.read(3);
                         },
                         [&] { statements_meanwhile = fixture.server.unanswered().size(); },
                         fixture.answering({1}), fixture.answering({3, 2})});
  const auto first = fixture.read(1);
  fixture.settle();
  CHECK(statements_meanwhile == 1);
  CHECK(fixture.item_of(first) == 1);
  CHECK(fixture.item_of(second) == 2);
  CHECK(fixture.item_of(third) == 3);
  CHECK(fixture.stats().batches == 2);
}

TEST_CASE("a connection that breaks while it is waited for costs a write its answer and a read its time") {
  WaitingFixture fixture;
  fixture.while_waiting({[&] { fixture.server.lose(); }, fixture.answering({1})});
  const auto read = fixture.read(1);
  const auto created = fixture.create();
  fixture.settle();
  CHECK(fixture.failed(created, Failure::Kind::database_away, true));
  CHECK_FALSE(fixture.answered(read));
  fixture.run_until_ready();
  CHECK(fixture.item_of(read) == 1);
  CHECK(fixture.server.attempts() == 2);
}

TEST_CASE("an idle connection that broke is found out before anything is sent on it") {
  WaitingFixture fixture;
  fixture.server.lose();
  fixture.settle();
  CHECK(fixture.stats().ready);  // nobody looked
  fixture.while_waiting({fixture.answering({7})});
  const auto created = fixture.create();
  fixture.settle();
  fixture.run_until_ready();
  CHECK(fixture.item_of(created) == 7);  // and not "unknown": it waited for the next connection
  CHECK(fixture.server.attempts() == 2);
}

TEST_CASE(
    "a server that is silent while it is waited for costs the deadline, and a second later the connection") {
  WaitingFixture fixture;
  fixture.while_waiting({});
  const auto began = fixture.time.timers().now();
  const auto read = fixture.read(1);
  fixture.settle();
  CHECK(fixture.failed(read, Failure::Kind::deadline_passed));
  CHECK(fixture.stats().reconnects == 1);
  const auto waited = fixture.time.timers().now() - began;
  CHECK(waited >= 2s);
  CHECK(waited <= 2s + 2 * Deadlines::interval);
}

TEST_CASE("an answer that is late by more than its deadline is waited for, and goes nowhere") {
  WaitingFixture fixture;
  std::vector<std::function<void()>> steps(30, [] {});  // 1.5 s
  steps.push_back(fixture.answering({7}));
  steps.push_back(fixture.answering({}));  // a ping: it had been idle for more than a second
  fixture.while_waiting(std::move(steps));
  const auto created = fixture.create();
  fixture.settle();
  CHECK(fixture.failed(created, Failure::Kind::deadline_passed, true));
  CHECK(fixture.stats().reconnects == 0);
  fixture.while_waiting({fixture.answering({1})});
  const auto next = fixture.read(1);
  fixture.settle();
  CHECK(fixture.item_of(next) == 1);
}

TEST_CASE("an actor that waits and is told to stop answers everything behind it, too") {
  WaitingFixture fixture;
  std::uint64_t behind = 0;
  fixture.while_waiting({[&] {
                           stop_pool(*fixture.pool);
                           behind = fixture.read(2);
                         },
                         fixture.answering({1})});
  const auto read = fixture.read(1);
  fixture.settle();
  CHECK(fixture.item_of(read) == 1);
  fixture.stop();
  CHECK(fixture.failed(behind, Failure::Kind::database_away));
}
