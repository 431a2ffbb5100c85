#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "helpers/memory_endpoints.hpp"
#include "helpers/memory_server.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

ServerSettings with_memory(std::size_t bytes) {
  ServerSettings settings;
  settings.memory_limit = bytes;
  return settings;
}

bool refused_for_memory(const ScriptedClient& client) {
  const auto answers = answers_in(client.received());
  return !answers.empty() && answers.back().status == 503 &&
         answers.back().head.find("Retry-After: 1\r\n") != std::string::npos &&
         answers.back().head.find("Connection: close\r\n") != std::string::npos &&
         answers.back().body.find("urn:troupe:problem:memory-used-up") != std::string::npos;
}

/// What a client has sent of a message that goes on.
std::string half_of(std::string_view message) {
  return std::string(message.substr(0, message.size() / 2 + 1));
}

}  // namespace

TEST_CASE("what is half read takes memory that is limited, and only as long as it must") {
  const auto half = GENERATE(half_of(post_request("/echo", std::string(20'000, 'x'))),
                             "GET /now?" + std::string(8'000, 'q'),
                             "GET /now HTTP/1.1\r\nAccept: " + std::string(9'000, 'a'),
                             get_request("/things/1") + std::string(9'000, 'p'));
  MemoryServer server(memory_endpoints(), with_memory(60'000));
  std::vector<ScriptedClient*> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(&server.connect());
    clients.back()->send(half);
    server.settle();
  }
  const auto refused =
      std::ranges::count_if(clients, [](auto* client) { return refused_for_memory(*client); });
  CHECK(refused > 10);
  CHECK(refused < 18);
  CHECK_FALSE(refused_for_memory(*clients.front()));
  for (auto* client : clients) client->end();
  server.settle();
  for (std::size_t place = 0; place < server.asked.size(); ++place) server.reply(place, thing("one"));
  CHECK(server.held_memory() == 0);
  auto& late = server.connect();
  late.send(half);
  server.settle();
  CHECK_FALSE(refused_for_memory(late));
}

TEST_CASE("requests that come whole are served when the memory for slow clients is used up") {
  MemoryServer server(memory_endpoints(), with_memory(1));
  server.connect().send(half_of(post_request("/echo", std::string(20'000, 'x'))));
  auto& client = server.connect();
  client.send(get_request("/now") + get_request("/now") + post_request("/echo", "little"));
  server.settle();
  CHECK(answers_in(client.received()).size() == 3);
  CHECK(answers_in(client.received()).back().body == "little");
}

TEST_CASE("a large body is counted until its request is answered") {
  MemoryServer server(memory_endpoints(), with_memory(50'000));
  auto& first = server.connect();
  first.send(post_request("/things/", std::string(40'000, 'x')));
  server.settle();
  CHECK(server.held_memory() >= 40'000);
  auto& second = server.connect();
  second.send(post_request("/things/", std::string(40'000, 'x')));
  server.settle();
  CHECK(refused_for_memory(second));
  CHECK(server.asked.size() == 1);
  server.reply(0, thing("one"));
  CHECK(answers_in(first.received()).at(0).body == "one");
  CHECK(server.held_memory() == 0);
}

TEST_CASE("an answer that nobody could keep is not begun, and a change's outcome is then unknown") {
  const auto [request, unknown] = GENERATE(table<std::string, bool>({
      {post_request("/things/", "x"), true},
      {get_request("/things/1"), false},
  }));
  MemoryServer server(memory_endpoints(), with_memory(150'000));
  auto& slow = server.connect();
  slow.take_at_most(300);
  slow.send(get_request("/page"));
  server.settle();
  auto& client = server.connect();
  client.send(request);
  server.settle();
  server.reply(0, thing(std::string(100'000, 'x')));
  CHECK(refused_for_memory(client));
  CHECK((client.received().find(R"("outcome":"unknown")") != std::string::npos) == unknown);
}

TEST_CASE("a slow reader is cut off when there is no memory for the rest of its answer") {
  MemoryServer server(memory_endpoints(), with_memory(60'000));
  auto& first = server.connect();
  auto& second = server.connect();
  for (auto* client : {&first, &second}) {
    client->take_at_most(300);
    client->send(get_request("/things/1"));
    server.settle();
  }
  for (const std::size_t place : {0U, 1U}) server.reply(place, thing(std::string(40'000, 'x')));
  CHECK_FALSE(first.closed());
  CHECK(second.closed());
  CHECK(second.received().size() == 300);
  first.take_at_most(50'000);
  server.settle();
  CHECK(answers_in(first.received()).at(0).body.size() == 40'000);
  CHECK(server.held_memory() == 0);
}

TEST_CASE("any number of slow readers share the memory of one page") {
  MemoryServer server(memory_endpoints(), with_memory(150'000));
  std::vector<ScriptedClient*> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(&server.connect());
    clients.back()->take_at_most(300);
    clients.back()->send(get_request("/page"));
  }
  server.settle();
  CHECK(server.held_memory() < 150'000);
  for (auto* client : clients) {
    client->take_at_most(200'000);
    server.settle();
    CHECK(answers_in(client->received()).at(0).body == *shared_page());
  }
  CHECK(server.held_memory() == 0);
}
