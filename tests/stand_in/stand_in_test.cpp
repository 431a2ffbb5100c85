#include "stand_in/stand_in.hpp"

#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "actors/database/database_pool_start.hpp"
#include "helpers/virtual_time.hpp"
#include "stand_in/stand_in_database.hpp"

using namespace troupe;
using namespace troupe::stand_in;
using namespace troupe::tests;
using namespace std::chrono_literals;

TEST_CASE("a stand-in database is what its text says", "[sim]") {
  struct Row {
    std::string text;
    ServiceTime::Kind kind;
    Duration mean;
    bool serial;
  };
  using Kind = ServiceTime::Kind;
  const auto row = GENERATE(values<Row>({{"instant", Kind::instant, 0s, false},
                                         {"fixed:5ms", Kind::fixed, 5ms, false},
                                         {"exponential:1.5s", Kind::exponential, 1500ms, false},
                                         {"serial:200us", Kind::fixed, 200us, true}}));
  CAPTURE(row.text);
  const auto stand_in = parse_stand_in(row.text);
  REQUIRE(stand_in.has_value());
  CHECK(stand_in->service.kind == row.kind);
  CHECK(stand_in->service.mean == row.mean);
  CHECK(stand_in->serial == row.serial);
}

TEST_CASE("what is no stand-in database is refused in one line that shows how to write one", "[sim]") {
  const std::string text = GENERATE("", "fast", "fixed", "fixed:", "fixed:5", "exponential:0s", "serial:-1ms",
                                    "instant:5ms", "fixed:2h", "Fixed:5ms");
  CAPTURE(text);
  const auto stand_in = parse_stand_in(text);
  REQUIRE_FALSE(stand_in.has_value());
  CHECK(stand_in.error().code == ErrorCode::invalid_argument);
  CHECK_THAT(stand_in.error().message, Catch::StartsWith("'" + text + "' is no stand-in database: "));
  CHECK_THAT(stand_in.error().message, Catch::Contains("fixed:5ms"));
  CHECK(stand_in.error().message.find('\n') == std::string::npos);
}

namespace {

/// Gives a pool of two members `count` commands at once; when each began and ended, from then on.
std::vector<std::pair<Duration, Duration>> serve(const char* stand_in, int count,
                                                 std::optional<Duration> stall_after = {}) {
  VirtualTime time;
  Settings settings;
  settings.database.pool_size = 2;
  const auto start = time.timers().now();
  std::optional<Stall> stall;
  if (stall_after) stall = Stall{start + *stall_after, 100ms};
  const auto pool = make_stand_in_pool(time.runtime(), settings, parse_stand_in(stand_in).value(), 1, stall);
  caf::scoped_actor client(time.runtime().system());
  for (int number = 0; number < count; ++number) {
    CHECK_FALSE(pool->submit(*client.ptr(), 0, actors::Command{.head = {0, start, start + 1h}}));
  }
  std::vector<std::pair<Duration, Duration>> served;
  time.run_until([&] {
    while (client->has_next_message()) {
      client->receive([&](const actors::Reply& reply) {
        served.emplace_back(reply.trace.sent - start, reply.trace.answered - start);
      });
    }
    return served.size() == static_cast<std::size_t>(count);
  });
  for (const auto& member : pool->members()) CHECK(member.stats->outstanding == 0);
  actors::stop_pool(*pool);
  return served;
}

using BusyTimes = std::vector<std::pair<Duration, Duration>>;

}  // namespace

TEST_CASE("commands wait in one line for the connection that is free first", "[sim]") {
  CHECK(serve("fixed:5ms", 5) == BusyTimes{{0ms, 5ms}, {0ms, 5ms}, {5ms, 10ms}, {5ms, 10ms}, {10ms, 15ms}});
  CHECK(serve("serial:5ms", 3) == BusyTimes{{0ms, 5ms}, {5ms, 10ms}, {10ms, 15ms}});
}

TEST_CASE("a stalled stand-in database answers what falls due meanwhile at its end", "[sim]") {
  CHECK(serve("fixed:5ms", 4, 2ms) == BusyTimes{{0ms, 102ms}, {0ms, 102ms}, {102ms, 107ms}, {102ms, 107ms}});
}

TEST_CASE("a stand-in database that is stopped answers what it still owes", "[sim]") {
  VirtualTime time;
  Settings settings;
  settings.database.pool_size = 2;
  const auto pool = make_stand_in_pool(time.runtime(), settings, parse_stand_in("fixed:5ms").value());
  caf::scoped_actor client(time.runtime().system());
  for (int number = 0; number < 5; ++number) CHECK_FALSE(pool->submit(*client.ptr(), 0, actors::Command{}));
  time.settle();
  actors::stop_pool(*pool);
  time.settle();
  int refused = 0;
  while (client->has_next_message()) {
    client->receive([&](const actors::Reply& reply) {
      refused += std::holds_alternative<actors::Failure>(reply.outcome) ? 1 : 0;
    });
  }
  CHECK(refused == 5);
}
