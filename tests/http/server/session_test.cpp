#include "http/server/session.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "helpers/memory_endpoints.hpp"
#include "helpers/memory_server.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

std::vector<int> statuses_in(const std::string& bytes) {
  std::vector<int> statuses;
  for (const auto& answer : answers_in(bytes)) statuses.push_back(answer.status);
  return statuses;
}

// Everything that a session can do with its stream, in one life: a body after 100-continue, two requests at
// once of which one waits for the database, an answer to a slow reader, a refusal.
void live(MemoryServer& server, ScriptedClient& client) {
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  server.settle();
  client.send("echo");
  server.settle();
  client.send(get_request("/things/7") + get_request("/now"));
  server.settle();
  if (!server.asked.empty()) server.reply(0, thing("seven"));
  client.take_at_most(20);
  client.send(get_request("/now"));
  server.settle();
  client.take_at_most(1'000'000);
  server.settle();
  client.send("no HTTP\r\n\r\n");
  server.settle();
  client.send("and more behind it");
  server.settle();
  client.end();
  server.settle();
}

}  // namespace

TEST_CASE("a request that arrives byte by byte is answered once it is whole") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  const auto request = post_request("/echo", "hello");
  for (const char byte : request) {
    server.settle();
    CHECK(client.received().empty());
    client.send({&byte, 1});
  }
  server.settle();
  const auto answers = answers_in(client.received());
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].status == 200);
  CHECK(answers[0].body == "hello");
}

TEST_CASE("requests sent at once are asked one at a time and answered in their order") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(get_request("/things/1") + get_request("/now") + get_request("/things/2"));
  server.settle();
  REQUIRE(server.asked.size() == 1);
  CHECK(client.received().empty());
  server.reply(0, thing("one"));
  REQUIRE(server.asked.size() == 2);
  server.reply(1, thing("two"));
  const auto answers = answers_in(client.received());
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].body == "one");
  CHECK(answers[1].body == "now");
  CHECK(answers[2].body == "two");
}

TEST_CASE("a slow reader gets the same bytes as a fast one") {
  MemoryServer server(memory_endpoints());
  const auto requests = post_request("/echo", std::string(10'000, 'x')) + get_request("/now");
  auto& fast = server.connect();
  fast.send(requests);
  server.settle();
  CHECK(statuses_in(fast.received()) == std::vector{200, 200});
  auto& slow = server.connect();
  slow.take_at_most(GENERATE(0, 1, 100));
  slow.send(requests);
  server.settle();
  while (slow.received().size() < fast.received().size()) {
    const auto before = slow.received().size();
    slow.take_at_most(77);
    server.settle();
    REQUIRE(slow.received().size() > before);
  }
  CHECK(without_dates(slow.received()) == without_dates(fast.received()));
}

TEST_CASE("a large answer goes out in pieces, so that others need not wait for all of it") {
  MemoryServer server(memory_endpoints());
  const auto operations_of = [&](std::size_t size) {
    auto& client = server.connect();
    client.send(get_request("/things/1"));
    server.settle();
    const auto before = client.operations();
    server.reply(server.asked.size() - 1, thing(std::string(size, 'x')));
    CHECK(answers_in(client.received()).at(0).body.size() == size);
    return client.operations() - before;
  };
  CHECK(operations_of(1'000'000) > operations_of(10) + 1'000'000 / (64 * 1024));
}

TEST_CASE("readers that are slow hold one copy of what they share") {
  MemoryServer server(memory_endpoints());
  const auto before = shared_page().use_count();
  for (int i = 0; i < 3; ++i) {
    auto& client = server.connect();
    client.take_at_most(300);
    client.send(get_request("/page"));
  }
  server.settle();
  CHECK(shared_page().use_count() == before + 3);
  server.pass(24h);
  CHECK(shared_page().use_count() == before);
}

TEST_CASE("a reader that stops is given up when the time for a body has passed") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.take_at_most(5);
  client.send(get_request("/now"));
  server.settle();
  server.pass(29'999ms);
  CHECK_FALSE(client.closed());
  server.pass(1ms);
  CHECK(client.closed());
  CHECK(server.open_sessions() == 0);
}

TEST_CASE("a reader that goes on gets all of it, one that goes on too slowly is given up") {
  const auto [bytes, pause, enough] = GENERATE(table<std::size_t, std::chrono::milliseconds, bool>({
      {30'000U, 29'000ms, true},
      {1'100U, 1'000ms, true},
      {500U, 1'000ms, false},
      {1U, 29'000ms, false},
  }));
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.take_at_most(300);
  client.send(get_request("/page"));
  server.settle();
  for (int turn = 0; turn < 1'000 && !client.closed() && client.received().size() < shared_page()->size();
       ++turn) {
    server.pass(pause);
    client.take_at_most(bytes);
    server.settle();
  }
  CHECK(client.closed() != enough);
  if (enough) CHECK(answers_in(client.received()).at(0).body == *shared_page());
}

TEST_CASE("bytes on the way to a reader are not taken, and it is seen when they are") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.take_at_most(90'000);
  client.leave_on_the_way(90'000);
  client.send(get_request("/page"));
  server.settle();
  server.pass(29'000ms);
  client.leave_on_the_way(50'000);
  server.pass(20'000ms);
  CHECK_FALSE(client.closed());
  server.pass(30'000ms);
  CHECK(client.closed());
}

TEST_CASE("a body that goes on arrives whole, one that goes on too slowly is refused") {
  const auto [bytes, pause, status] = GENERATE(table<std::size_t, std::chrono::milliseconds, int>({
      {30'000U, 29'000ms, 200},
      {1'100U, 1'000ms, 200},
      {500U, 1'000ms, 408},
      {1U, 29'000ms, 408},
  }));
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  const auto request = post_request("/echo", std::string(300'000, 'x'));
  client.send(std::string_view(request).substr(0, 60));
  server.settle();
  for (std::size_t at = 60; at < request.size() && client.received().empty(); at += bytes) {
    server.pass(pause);
    client.send(std::string_view(request).substr(at, bytes));
    server.settle();
  }
  CHECK(statuses_in(client.received()) == std::vector{status});
}

TEST_CASE("a client that dawdles is told 408, and is given a second to read it") {
  const auto [sent, allowed] = GENERATE(table<std::string, std::chrono::milliseconds>({
      {"GET /no", 10'000ms},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf", 30'000ms},
  }));
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(sent);
  server.settle();
  server.pass(allowed - 1ms);
  CHECK(client.received().empty());
  server.pass(1ms);
  CHECK(statuses_in(client.received()) == std::vector{408});
  CHECK(client.ended());
  CHECK_FALSE(client.closed());
  client.send("the rest, too late");
  server.settle();
  CHECK(statuses_in(client.received()) == std::vector{408});
  server.pass(1'000ms);
  CHECK(client.closed());
}

TEST_CASE("a client that says nothing more is left without a word after the idle time") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(get_request("/now"));
  server.settle();
  const auto received = client.received();
  server.pass(74'999ms);
  CHECK_FALSE(client.closed());
  server.pass(1ms);
  CHECK(client.closed());
  CHECK(client.received() == received);
}

TEST_CASE("a request that waits for the database has no deadline of the session's") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(get_request("/things/1"));
  server.settle();
  server.pass(24h);
  CHECK_FALSE(client.closed());
  server.reply(0, thing("late"));
  CHECK(answers_in(client.received()).at(0).body == "late");
}

TEST_CASE("a client that ends its side after a request still gets the answer") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(get_request("/things/1"));
  client.end();
  server.settle();
  server.reply(0, thing("one"));
  CHECK(answers_in(client.received()).at(0).body == "one");
  CHECK(client.closed());
  CHECK(server.open_sessions() == 0);
}

TEST_CASE("an answer whose client went away goes nowhere") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(get_request("/things/1"));
  server.settle();
  client.fail_at(client.operations() + 1);
  server.reply(0, thing("one"));
  CHECK(client.received().empty());
  CHECK(server.open_sessions() == 0);
}

TEST_CASE("while the server drains, each answer says that it is the last") {
  MemoryServer server(memory_endpoints());
  auto& client = server.connect();
  client.send(get_request("/things/1"));
  server.settle();
  server.context().draining = true;
  server.reply(0, thing("one"));
  CHECK(answers_in(client.received()).at(0).head.find("Connection: close") != std::string::npos);
  CHECK(client.ended());
}

TEST_CASE("whatever operation of the stream fails, the session ends and sent no other bytes than else") {
  std::string whole;
  std::size_t operations = 0;
  {
    MemoryServer server(memory_endpoints());
    auto& client = server.connect();
    live(server, client);
    whole = without_dates(client.received());
    operations = client.operations();
    CHECK(statuses_in(client.received()) == std::vector{100, 200, 200, 200, 200, 400});
    CHECK(server.open_sessions() == 0);
  }
  REQUIRE(operations > 20);
  for (std::size_t failing = 1; failing <= operations; ++failing) {
    CAPTURE(failing);
    MemoryServer server(memory_endpoints());
    auto& client = server.connect();
    client.fail_at(failing);
    live(server, client);
    CHECK(client.closed());
    CHECK(server.open_sessions() == 0);
    CHECK(whole.starts_with(without_dates(client.received())));
  }
}
