#include "actors/database/connection_life.hpp"

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include "helpers/scripted_session.hpp"
#include "helpers/virtual_time.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::tests;
using namespace std::chrono_literals;
using Connecting = ScriptedServer::Connecting;
using Due = ConnectionLife::Due;

namespace {

/// One connection's life in virtual time, its owner played by the test.
struct Life {
  static DatabaseSettings settings_of(std::chrono::milliseconds max_lifetime) {
    DatabaseSettings settings;
    settings.connect_timeout = 2s;
    settings.reconnect_min = 100ms;
    settings.reconnect_max = 400ms;
    settings.max_lifetime = max_lifetime;
    return settings;
  }

  explicit Life(std::chrono::milliseconds max_lifetime = 0ms, std::uint64_t actor = 1)
      : settings(settings_of(max_lifetime)),
        connection(server.sessions(), settings, time.worker(), false, actor) {}
  ~Life() { connection.end(); }

  caf::actor owner() { return caf::actor_cast<caf::actor>(self); }
  bool attempt() { return connection.attempt(owner()).value(); }

  /// Turns the clock until a tick means something, and says what; nothing: there is no further tick.
  Due next_due() {
    while (time.timers().turn()) {
      auto due = Due::nothing;
      self->receive([&](const TimerTick& tick) { due = connection.due(tick.token); });
      if (due != Due::nothing) return due;
    }
    return Due::nothing;
  }
  Duration since(TimePoint begin) { return time.timers().now() - begin; }
  /// How long it waits after a loss before the next attempt.
  Duration pause_after_loss() {
    const auto begin = time.timers().now();
    connection.lose(owner());
    CHECK(next_due() == Due::attempt);
    return since(begin);
  }

  DatabaseSettings settings;
  ScriptedServer server;
  VirtualTime time;
  caf::scoped_actor self{time.runtime().system()};
  ConnectionLife connection;
};

}  // namespace

TEST_CASE("a connection is renewed when it is old, less up to a tenth by chance") {
  std::set<Duration> lives;
  for (std::uint64_t actor = 1; actor <= 5; ++actor) {
    Life life(10min, actor);
    const auto begin = life.time.timers().now();
    REQUIRE(life.attempt());
    CHECK(life.next_due() == Due::renewal);
    CHECK(life.since(begin) > 9min);
    CHECK(life.since(begin) <= 10min);
    lives.insert(life.since(begin));
  }
  CHECK(lives.size() == 5);
}

TEST_CASE("a renewed connection is made at once and lives as long again") {
  Life life(10min);
  REQUIRE(life.attempt());
  CHECK(life.next_due() == Due::renewal);
  const auto begin = life.time.timers().now();
  CHECK(life.connection.renew(life.owner()).value());
  CHECK(life.connection.session() != nullptr);
  CHECK(life.server.attempts() == 2);
  CHECK(life.next_due() == Due::renewal);
  CHECK(life.since(begin) > 9min);
}

TEST_CASE("a renewal that fails is an attempt like any other") {
  Life life(10min);
  REQUIRE(life.attempt());
  CHECK(life.next_due() == Due::renewal);
  life.server.connecting = Connecting::refused;
  CHECK(life.connection.renew(life.owner()).has_error());
  CHECK(life.connection.session() == nullptr);
  CHECK(life.pause_after_loss() <= 100ms);
}

TEST_CASE("a connection does not become old when that is switched off, or when it is gone before") {
  Life life(GENERATE(0ms, 10min));
  REQUIRE(life.attempt());
  if (life.settings.max_lifetime > 0ms) {
    life.connection.lose(life.owner());
    CHECK(life.next_due() == Due::attempt);
  }
  CHECK(life.next_due() == Due::nothing);
}

TEST_CASE("the back-off grows until a connection has proved itself with an answer") {
  Life life;
  for (const auto longest : {100ms, 200ms, 400ms, 400ms}) {
    REQUIRE(life.attempt());  // it accepts connections, and loses them
    const auto pause = life.pause_after_loss();
    CHECK(pause <= longest);
    CHECK(pause >= longest / 2);
  }
  REQUIRE(life.attempt());
  CHECK(life.connection.proved());
  CHECK_FALSE(life.connection.proved());
  CHECK(life.pause_after_loss() <= 100ms);
  CHECK_FALSE(life.connection.proved());
  REQUIRE(life.attempt());
  CHECK(life.connection.proved());
}

TEST_CASE("an attempt that takes too long is to be given up, and one that is open is not") {
  Life life;
  life.server.connecting = GENERATE(Connecting::never, Connecting::at_once);
  const auto begin = life.time.timers().now();
  const bool open = life.attempt();
  CHECK(life.next_due() == (open ? Due::nothing : Due::giving_up));
  CHECK(life.since(begin) == 2s);
}
