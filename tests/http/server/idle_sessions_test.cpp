#include "http/server/idle_sessions.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "helpers/memory_endpoints.hpp"
#include "helpers/memory_server.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;

TEST_CASE("the connection that has been idle for longest is closed first, whatever else goes on") {
  MemoryServer server(memory_endpoints());
  std::vector<ScriptedClient*> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(&server.connect());
    server.pass(10ms);
  }
  const auto ask = [&](std::size_t place, const std::string& bytes) {
    clients[place]->send(bytes);
    server.settle();
    server.pass(10ms);
  };
  ask(0, get_request("/now"));       // idle for less long than the others now
  ask(2, "GET /now HTTP/1.1\r\n");   // in the middle of a request
  ask(3, get_request("/things/1"));  // waits for its answer
  ask(4, "\r\n");                    // an empty line is no request
  const auto close_one = [&] {
    CHECK(server.host().longest_idle() != TimePoint::max());
    CHECK(server.host().close_longest_idle());
    server.settle();
    std::vector<bool> closed;
    for (auto* client : clients) closed.push_back(client->closed());
    return closed;
  };
  CHECK(close_one() == std::vector<bool>{false, true, false, false, false, false});
  CHECK(close_one() == std::vector<bool>{false, true, false, false, true, false});
  ask(5, get_request("/now"));  // it was a candidate already
  CHECK(close_one() == std::vector<bool>{true, true, false, false, true, false});
  CHECK(close_one() == std::vector<bool>{true, true, false, false, true, true});
  CHECK(server.host().longest_idle() == TimePoint::max());
  CHECK_FALSE(server.host().close_longest_idle());
  CHECK(server.context().evicted == 4);
  clients[2]->send("Host: a\r\n\r\n");
  server.settle();
  CHECK(answers_in(clients[2]->received()).size() == 1);
}

TEST_CASE("however many are idle, each is closed in its turn") {
  MemoryServer server(memory_endpoints());
  std::vector<ScriptedClient*> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(&server.connect());
    server.pass(1ms);
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    REQUIRE(server.host().longest_idle() != TimePoint::max());
    REQUIRE(server.host().close_longest_idle());
    server.settle();
    REQUIRE(clients[i]->closed());
    if (i + 1 < clients.size()) REQUIRE_FALSE(clients[i + 1]->closed());
  }
}
