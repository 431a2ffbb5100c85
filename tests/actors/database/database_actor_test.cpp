#include "actors/database/database_actor.hpp"

#include <caf/all.hpp>
#include <catch2/catch.hpp>
#include <map>

#include "actors/database/database_pool_start.hpp"
#include "helpers/scripted_session.hpp"
#include "helpers/virtual_time.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::tests;
using namespace std::chrono_literals;
using Connecting = ScriptedServer::Connecting;

namespace {

// One database actor in virtual time over a server that does what the test says. Whatever happens, every
// command must have got exactly one Reply when the actor has ended.
struct Fixture {
  static Settings settings() {
    Settings settings;
    settings.database.pool_size = 1;
    settings.database.connect_timeout = 2s;
    settings.database.reconnect_min = 100ms;
    settings.database.reconnect_max = 400ms;
    settings.server.request_timeout = 1s;
    return settings;
  }

  explicit Fixture(Connecting connecting = Connecting::at_once) {
    server.connecting = connecting;
    pool = start_pool(time.runtime(), server.sessions(), {"items"}, settings());
    time.settle();
  }
  ~Fixture() {
    if (!stopped) stop();
    CHECK(replies.size() == commands);
    for (const auto& [ticket, outcomes] : replies) {
      INFO("command " << ticket);
      CHECK(outcomes.size() == 1);
    }
    CHECK(stats().outstanding == 0);
  }
  void stop() {
    stopped = true;
    stop_pool(*pool);
    settle();
  }

  DatabaseActorStats& stats() { return *pool->members()[0].stats; }

  // Past the pool, which gives nothing to an actor without a connection. Returns the command's ticket.
  template <class Command>
  std::uint64_t send(Command command, std::chrono::milliseconds time_left = 1s) {
    const auto now = time.timers().now();
    command.head = {++commands, now, now + time_left};
    stats().outstanding += 1;
    client->send(pool->members()[0].actor, command);
    return commands;
  }
  std::uint64_t read(std::int64_t id) { return send(ReadItem{{}, id}); }
  std::uint64_t create() { return send(CreateItem{{}, {"chair", std::nullopt, 1.0, true}}); }

  void settle() {
    time.settle();
    bool more = true;
    while (more) {
      client->receive([&](const Reply& reply) { replies[reply.ticket].push_back(reply.outcome); },
                      caf::after(0ms) >> [&] { more = false; });
    }
  }
  void run_for(std::chrono::milliseconds duration) {
    const auto end = time.timers().now() + duration;
    time.run_until([&] { return time.timers().now() >= end; });
    settle();
  }
  void run_until_ready() {
    time.run_until([&] { return stats().ready.load(); });
    settle();
  }
  void answer(const std::vector<items::Item>& items) {
    server.answer(rows_of(items));
    settle();
  }
  void refuse(std::string_view sqlstate) {
    server.refuse(sqlstate);
    settle();
  }
  void lose() {
    server.lose();
    settle();
  }

  bool answered(std::uint64_t ticket) const { return replies.contains(ticket); }
  // The item that a command was answered with; 0: another answer, or none.
  std::int64_t item_of(std::uint64_t ticket) {
    const auto* item = answered(ticket) ? std::get_if<items::Item>(&replies[ticket].front()) : nullptr;
    return item != nullptr ? item->id : 0;
  }
  bool failed(std::uint64_t ticket, Failure::Kind kind, bool outcome_unknown = false) {
    const auto* failure = answered(ticket) ? std::get_if<Failure>(&replies[ticket].front()) : nullptr;
    return failure != nullptr && failure->kind == kind && failure->outcome_unknown == outcome_unknown;
  }

  ScriptedServer server;
  VirtualTime time;
  caf::scoped_actor client{time.runtime().system()};
  std::shared_ptr<DatabasePool> pool;
  std::uint64_t commands = 0;
  std::map<std::uint64_t, std::vector<Outcome>> replies;
  bool stopped = false;
};

items::Item item(std::int64_t id) {
  return {id, "chair", std::nullopt, 1.0, true};
}

}  // namespace

TEST_CASE("reads that gather while one is in flight share the next statement, and each gets its own row") {
  Fixture fixture;
  const auto first = fixture.read(1);
  fixture.settle();
  const auto second = fixture.read(2), third = fixture.read(3), missing = fixture.read(4);
  fixture.settle();
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.answer({item(1)});
  CHECK(fixture.item_of(first) == 1);
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.answer({item(3), item(2)});
  CHECK(fixture.item_of(second) == 2);
  CHECK(fixture.item_of(third) == 3);
  REQUIRE(fixture.answered(missing));
  CHECK(std::holds_alternative<NotFound>(fixture.replies[missing].front()));
}

TEST_CASE("without a connection a command is answered as away at once, and the actor goes on trying") {
  Fixture fixture(Connecting::refused);
  const auto refused = fixture.read(1);
  fixture.settle();
  CHECK(fixture.failed(refused, Failure::Kind::database_away));
  fixture.run_for(1s);
  CHECK(fixture.server.attempts() > 3);
  fixture.server.connecting = Connecting::at_once;
  fixture.run_until_ready();
  CHECK(fixture.stats().reconnects == 0);
  const auto read = fixture.read(1);
  fixture.settle();
  fixture.answer({item(1)});
  CHECK(fixture.item_of(read) == 1);
}

TEST_CASE("an attempt to connect that hears nothing is given up after the connect timeout") {
  Fixture fixture(Connecting::never);
  const auto read = fixture.read(1);
  fixture.settle();
  CHECK(fixture.failed(read, Failure::Kind::database_away));
  CHECK(fixture.server.attempts() == 1);
  fixture.server.connecting = Connecting::at_once;
  const auto begun = fixture.time.timers().now();
  fixture.run_until_ready();
  CHECK(fixture.server.attempts() == 2);
  CHECK(fixture.time.timers().now() - begun >= 2s);
}

TEST_CASE("an idle connection that breaks is made again") {
  Fixture fixture;
  fixture.lose();
  CHECK_FALSE(fixture.stats().ready);
  CHECK(fixture.stats().reconnects == 1);
  fixture.run_until_ready();
  CHECK(fixture.server.attempts() == 2);
}

TEST_CASE("reads in flight are sent once more when the connection breaks, and no third time") {
  Fixture fixture;
  const auto read = fixture.read(1);
  fixture.settle();
  fixture.lose();
  CHECK_FALSE(fixture.answered(read));
  fixture.run_until_ready();
  CHECK(fixture.server.unanswered().size() == 1);
  SECTION("the second connection answers") {
    fixture.answer({item(1)});
    CHECK(fixture.item_of(read) == 1);
  }
  SECTION("the second connection breaks, too") {
    fixture.lose();
    CHECK(fixture.failed(read, Failure::Kind::database_away));
  }
}

TEST_CASE("writes in flight are answered as unknown when the connection breaks, and never sent again") {
  Fixture fixture;
  const auto sent = fixture.create();
  fixture.settle();
  const auto queued = fixture.create();
  fixture.settle();
  fixture.lose();
  CHECK(fixture.failed(sent, Failure::Kind::database_away, true));
  CHECK_FALSE(fixture.answered(queued));
  fixture.run_until_ready();
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.answer({item(7)});
  CHECK(fixture.item_of(queued) == 7);
}

TEST_CASE("answers that came before the connection broke count") {
  Fixture fixture;
  const auto created = fixture.create();
  fixture.settle();
  fixture.server.answer(rows_of({item(7)}));
  fixture.lose();
  CHECK(fixture.item_of(created) == 7);
}

TEST_CASE("a command in flight past its deadline is answered once, and its late answer goes nowhere") {
  Fixture fixture;
  const auto read = fixture.read(1);
  const auto created = fixture.create();
  fixture.settle();
  fixture.run_for(1100ms);
  CHECK(fixture.failed(read, Failure::Kind::deadline_passed));
  CHECK(fixture.failed(created, Failure::Kind::deadline_passed, true));
  fixture.answer({item(1)});
  fixture.answer({item(7)});
  const auto next = fixture.read(2);
  fixture.settle();
  fixture.answer({item(2)});
  CHECK(fixture.item_of(next) == 2);
}

TEST_CASE("a queued command past its deadline is answered as not carried out, and never sent") {
  Fixture fixture;
  const auto first = fixture.create();
  fixture.settle();
  const auto queued = fixture.send(CreateItem{{}, {"table", std::nullopt, 1.0, true}}, 300ms);
  fixture.settle();
  fixture.run_for(400ms);
  CHECK(fixture.failed(queued, Failure::Kind::deadline_passed));
  fixture.answer({item(7)});
  CHECK(fixture.item_of(first) == 7);
  CHECK(fixture.server.unanswered().empty());
}

TEST_CASE("the rows of a refused statement run alone, so that a bad one fails only itself") {
  Fixture fixture;
  const auto good = fixture.create(), bad = fixture.create();
  fixture.settle();
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.refuse("23514");
  CHECK(fixture.server.unanswered().size() == 1);
  fixture.answer({item(7)});
  CHECK(fixture.item_of(good) == 7);
  fixture.refuse("23514");
  CHECK(fixture.failed(bad, Failure::Kind::rejected));
}

TEST_CASE("a server that is silent for a second past a deadline is given up") {
  Fixture fixture;
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
  Fixture fixture;
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
