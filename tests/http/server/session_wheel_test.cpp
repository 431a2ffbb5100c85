#include "http/server/session_wheel.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "helpers/memory_endpoints.hpp"
#include "helpers/memory_server.hpp"
#include "http/server/session.hpp"

using namespace troupe;
using namespace troupe::http;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

/// A wheel of its own for sessions that a server has made, and when each was seen there.
struct Wheel {
  explicit Wheel(int sessions) : server(memory_endpoints()) {
    for (int i = 0; i < sessions; ++i) {
      server.connect();
      all.push_back(server.session(static_cast<std::size_t>(i)));
    }
  }
  void put(std::size_t place, Duration deadline) { wheel.put(*all[place], begin + deadline); }
  void turn(Duration time) {
    now = time;
    wheel.turn(begin + time, [&](Session& session) { seen[&session].push_back(now); });
  }
  std::vector<Duration> looks(std::size_t place) { return seen[all[place].get()]; }

  MemoryServer server;
  TimePoint begin{1h};
  SessionWheel wheel{begin};
  std::vector<std::shared_ptr<Session>> all;
  std::map<Session*, std::vector<Duration>> seen;
  Duration now{};
};

}  // namespace

TEST_CASE("the first turn after its deadline looks at a session, and at most one before it") {
  Wheel wheel(200);
  const auto between = GENERATE(250ms, 40ms, 600ms);
  const auto deadline_of = [](std::size_t place) { return 137ms * static_cast<int>(place * place % 700); };
  for (std::size_t place = 0; place < 200; ++place) wheel.put(place, deadline_of(place));
  for (Duration time = 0ms; time < 100s; time += between) {
    wheel.turn(time);
    for (std::size_t place = 0; place < 200; ++place) {
      const auto looks = wheel.looks(place);
      const bool seen_now = !looks.empty() && looks.back() == time;
      if (seen_now && time < deadline_of(place)) wheel.put(place, deadline_of(place));  // as its host does
    }
  }
  for (std::size_t place = 0; place < 200; ++place) {
    const auto looks = wheel.looks(place);
    REQUIRE_FALSE(looks.empty());
    CHECK(looks.back() >= deadline_of(place));
    CHECK(looks.back() < deadline_of(place) + between);
    CHECK(static_cast<long>(looks.size()) <= 2 + 250ms / between);
  }
}

TEST_CASE(
    "what is put again has only its new place, and what is further away than the wheel is seen earlier") {
  Wheel wheel(2);
  wheel.put(0, 75s);
  wheel.put(0, 10s);
  wheel.put(1, 24h);
  for (Duration time = 0ms; time < 200s; time += 250ms) wheel.turn(time);
  REQUIRE(wheel.looks(0).size() == 1);
  CHECK(wheel.looks(0)[0] <= 10s + 250ms);
  REQUIRE(wheel.looks(1).size() == 1);
  CHECK(wheel.looks(1)[0] > 120s);
  CHECK(wheel.looks(1)[0] < 130s);
}

TEST_CASE("after a long stop everybody is looked at once, also who is put again meanwhile") {
  Wheel wheel(100);
  for (std::size_t place = 0; place < 100; ++place) wheel.put(place, 1s * static_cast<int>(place));
  int looks = 0;
  wheel.wheel.turn(wheel.begin + 24h, [&](Session& session) {
    ++looks;
    wheel.wheel.put(session, wheel.begin + 24h + 1s);
  });
  CHECK(looks == 100);
  wheel.turn(24h + 1s);
  for (std::size_t place = 0; place < 100; ++place) CHECK(wheel.looks(place).size() == 1);
}

TEST_CASE("a session that ends is on no wheel any more") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  server.settle();
  client.end();
  server.settle();
  CHECK(server.open_sessions() == 0);
  server.live_through(200s);
}

TEST_CASE("clients that are silent, slow or gone are seen in time by the host's own looks") {
  ServerSettings settings;
  settings.idle_timeout = 75s;
  settings.header_timeout = 10s;
  MemoryServer server(memory_endpoints(), settings);
  auto& silent = server.connect();  // its first request must come within the header's time
  auto& idle = server.connect();    // has its answer, and is allowed to say nothing for 75 s
  auto& half = server.connect();    // had its answer, and begins another request that it does not end
  for (auto* client : {&idle, &half}) client->send(get_request("/now"));
  server.settle();
  server.live_through(5s);
  half.send("GET /now HT");
  server.settle();
  server.live_through(4'500ms);
  CHECK(server.open_sessions() == 3);
  server.live_through(750ms);
  CHECK(silent.closed());
  server.live_through(5'250ms);
  CHECK(answers_in(half.received()).back().status == 408);
  CHECK_FALSE(idle.closed());
  server.live_through(58s);
  CHECK_FALSE(idle.closed());
  server.live_through(2s);
  CHECK(idle.closed());
}
