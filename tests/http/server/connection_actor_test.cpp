#include "http/server/connection_actor.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "actors/database/failure_status.hpp"
#include "helpers/item_commands.hpp"
#include "helpers/memory_endpoints.hpp"
#include "helpers/memory_server.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;
using actors::Failure;

namespace {

WireAnswer last_answer(const ScriptedClient& client) {
  const auto answers = answers_in(client.received());
  REQUIRE_FALSE(answers.empty());
  return answers.back();
}

std::int64_t id_of(const MemoryServer::Asked& asked) {
  return id_in(asked.command);
}

}  // namespace

TEST_CASE("in whatever order the database answers, each client gets what it asked for") {
  std::vector<std::size_t> order{0, 1, 2, 3};
  do {
    MemoryServer server(memory_endpoints());
    const auto actor = server.spawn_connection_actor();
    std::vector<ScriptedClient*> clients;
    for (std::size_t i = 0; i < order.size(); ++i) clients.push_back(&server.connect(actor));
    // A second round takes up the tickets of the first.
    for (int round = 0; round < 2; ++round) {
      server.asked.clear();
      for (std::size_t i = 0; i < order.size(); ++i)
        clients[i]->send(get_request("/things/" + std::to_string(i)));
      server.settle();
      REQUIRE(server.asked.size() == order.size());
      for (const auto place : order) {
        server.reply(place, thing("thing " + std::to_string(id_of(server.asked[place]))));
      }
      for (std::size_t i = 0; i < order.size(); ++i) {
        CHECK(last_answer(*clients[i]).body == "thing " + std::to_string(i));
        CHECK(answers_in(clients[i]->received()).size() == static_cast<std::size_t>(round) + 1);
      }
    }
    server.stop(actor);
  } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("tickets of requests that are under way differ, and are used again afterwards") {
  MemoryServer server(memory_endpoints());
  const auto actor = server.spawn_connection_actor();
  for (int i = 0; i < 3; ++i) server.connect(actor).send(get_request("/things/1"));
  server.settle();
  std::vector<std::uint64_t> tickets;
  for (const auto& asked : server.asked) tickets.push_back(asked.ticket());
  std::ranges::sort(tickets);
  CHECK(tickets == std::vector<std::uint64_t>{0, 1, 2});
  server.reply(1, thing("x"));
  server.connect(actor).send(get_request("/things/1"));
  server.settle();
  CHECK(server.asked.back().ticket() == server.asked[1].ticket());
  server.stop(actor);
}

TEST_CASE("an endpoint that throws is answered 500, and the next request is served") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(get_request("/throws"));
  server.settle();
  CHECK(last_answer(client).status == 500);
  CHECK(last_answer(client).body.find("a fault of the endpoint") == std::string::npos);
  client.send(get_request("/now"));
  server.settle();
  CHECK(last_answer(client).body == "now");
}

TEST_CASE("an endpoint that throws on an answer is answered 500, and the next request is served") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(get_request("/things/1"));
  server.settle();
  server.reply(0, actors::Done{});  // where the endpoint wants an item
  CHECK(last_answer(client).status == 500);
  client.send(get_request("/now"));
  server.settle();
  CHECK(last_answer(client).body == "now");
}

TEST_CASE("each failure ends in its status, and keeps the connection") {
  using Kind = Failure::Kind;
  const auto kind = GENERATE(Kind::queue_full, Kind::database_away, Kind::deadline_passed, Kind::internal);
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(get_request("/things/1"));
  server.settle();
  server.reply(0, Failure{kind, false});
  CHECK(last_answer(client).status == actors::http_status_of(kind));
  CHECK_FALSE(client.ended());
}

TEST_CASE("what the database refuses is told by the endpoint, or is a fault of ours") {
  const auto [request, status] = GENERATE(table<std::string, int>({
      {post_request("/things/", "x"), 422},
      {get_request("/things/1"), 500},
  }));
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(request);
  server.settle();
  server.reply(0, Failure{Failure::Kind::rejected, false});
  CHECK(last_answer(client).status == status);
}

TEST_CASE("what nobody can take is refused at once") {
  MemoryServer server(memory_endpoints(), {}, 1);
  auto& first = server.connect();
  first.send(get_request("/things/1"));
  server.settle();
  auto& second = server.connect();
  second.send(get_request("/things/2"));
  server.settle();
  CHECK(last_answer(second).body.find("queue-full") != std::string::npos);
  server.stop_database();
  second.send(get_request("/things/2"));
  server.settle();
  CHECK(last_answer(second).body.find("database-away") != std::string::npos);
  CHECK(server.asked.size() == 1);
  server.reply(0, thing("one"));
  CHECK(last_answer(first).body == "one");
}

TEST_CASE("a command's deadline is the request's time from when it was taken up") {
  ServerSettings settings;
  settings.request_timeout = 1'234ms;
  MemoryServer server(memory_endpoints(), settings);
  server.connect().send(get_request("/things/1"));
  server.settle();
  const auto& head = server.asked.at(0).command.head;
  CHECK(head.deadline - head.submitted == 1'234ms);
}

TEST_CASE("an actor that is told to stop first answers what is under way") {
  MemoryServer server(memory_endpoints());
  const auto actor = server.spawn_connection_actor();
  auto& first = server.connect(actor);
  auto& second = server.connect(actor);
  first.send(get_request("/things/1"));
  second.send(get_request("/things/2"));
  server.settle();
  const auto running = server.running_actors();
  server.stop(actor);
  server.reply(0, thing("one"));
  CHECK(last_answer(first).body == "one");
  CHECK(server.running_actors() == running);
  server.reply(1, thing("two"));
  CHECK(last_answer(second).body == "two");
  CHECK(server.running_actors() == running - 1);
}

TEST_CASE("an actor of one session ends with it") {
  MemoryServer server(memory_endpoints());
  const auto before = server.running_actors();
  auto& client = server.connect();
  client.send(get_request("/things/1"));
  server.settle();
  CHECK(server.running_actors() == before + 1);
  client.end();
  server.reply(0, thing("one"));
  CHECK(server.running_actors() == before);
}

TEST_CASE("whoever watches is told where each request's time went") {
  MemoryServer server(memory_endpoints());
  std::vector<http::RequestSpans> seen;
  server.context().observers.on_answer = [&](const http::RequestSpans& spans) { seen.push_back(spans); };
  auto& client = server.connect();
  client.send("GET /no");
  server.settle();
  server.pass(7ms);
  client.send("w HTTP/1.1\r\nHost: a\r\n\r\n");
  server.settle();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].parse == 7ms);
  CHECK(seen[0].sql < Duration{});
}
