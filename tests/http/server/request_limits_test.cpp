#include "http/server/request_limits.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "helpers/memory_endpoints.hpp"
#include "helpers/memory_server.hpp"
#include "support/ip_network.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

MemoryServer server_with(const LimitSettings& limits) {
  return MemoryServer(memory_endpoints(), {}, 1024, limits);
}

std::string from(const std::string& fields) {
  return "GET /now HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

int status_of(MemoryServer& server, ScriptedClient& client, const std::string& request) {
  client.send(request);
  server.settle();
  return answers_in(client.received()).back().status;
}

bool is_refused(const ScriptedClient& client) {
  const auto answers = answers_in(client.received());
  return !answers.empty() && answers.back().status == 429 &&
         answers.back().head.find("Retry-After: 1\r\n") != std::string::npos &&
         answers.back().body.find("urn:troupe:problem:too-many-requests") != std::string::npos;
}

}  // namespace

TEST_CASE("who asks for too much is 429 on a connection that stays, and is served again in time") {
  auto server = server_with({.trusted_proxies = {}, .client_rate = 2, .client_burst = 3});
  auto& client = server.connect();
  for (int i = 0; i < 3; ++i) CHECK(status_of(server, client, get_request("/now")) == 200);
  CHECK(status_of(server, client, get_request("/now")) == 429);
  CHECK(is_refused(client));
  CHECK(status_of(server, server.connect(), get_request("/now")) == 429);
  server.peer = *parse_address("192.0.2.1");
  CHECK(status_of(server, server.connect(), get_request("/now")) == 200);
  server.pass(500ms);
  CHECK(status_of(server, client, get_request("/now")) == 200);
  CHECK(server.context().limits->refusals(http::Limit::client_rate) == 2);
}

TEST_CASE("behind a trusted proxy each client has a rate of its own") {
  auto server = server_with({.trusted_proxies = "127.0.0.0/8", .client_rate = 1});
  auto& proxy = server.connect();
  CHECK(status_of(server, proxy, from("X-Forwarded-For: 192.0.2.1\r\n")) == 200);
  CHECK(status_of(server, proxy, from("X-Forwarded-For: 192.0.2.2\r\n")) == 200);
  CHECK(status_of(server, proxy, from("x-forwarded-for: 203.0.113.7\r\nX-Forwarded-For: 192.0.2.1\r\n")) ==
        429);
  CHECK(status_of(server, proxy, from("Forwarded: for=192.0.2.2\r\n")) == 429);
  CHECK(status_of(server, proxy, from("Forwarded: for=192.0.2.3\r\n")) == 200);
  CHECK(status_of(server, proxy, from("")) == 200);  // the proxy's own
  CHECK(status_of(server, proxy, from("Forwarded: for=192.0.2.4\r\nX-Forwarded-For: 192.0.2.5\r\n")) == 429);
  server.peer = *parse_address("198.51.100.1");
  auto& stranger = server.connect();
  CHECK(status_of(server, stranger, from("X-Forwarded-For: 192.0.2.8\r\n")) == 200);
  CHECK(status_of(server, stranger, from("X-Forwarded-For: 192.0.2.9\r\n")) == 429);
}

TEST_CASE("what proxies say is not kept where none is believed") {
  http::RequestParser deaf{http::ParserLimits{}}, hearing{http::ParserLimits{.noted = {.forwarded = true}}};
  const auto request = from("Forwarded: for=192.0.2.2\r\nX-Forwarded-For: a\r\nX-Forwarded-For: b\r\n");
  REQUIRE(deaf.feed(request).status == http::RequestParser::Status::complete);
  CHECK(deaf.request().forwarded == nullptr);
  REQUIRE(hearing.feed(request).status == http::RequestParser::Status::complete);
  CHECK(hearing.request().forwarded->forwarded == "for=192.0.2.2");
  CHECK(hearing.request().forwarded->x_forwarded_for == "a, b");
  hearing.reset();
  REQUIRE(hearing.feed(from("")).status == http::RequestParser::Status::complete);
  CHECK(hearing.request().forwarded == nullptr);
}

TEST_CASE("what a client's half-read requests hold is limited, and others have their own") {
  const auto half = post_request("/echo", std::string(20'000, 'x')).substr(0, 15'000);
  auto server = server_with({.trusted_proxies = {}, .client_memory = 50'000});
  std::vector<ScriptedClient*> mine;
  for (int i = 0; i < 10; ++i) {
    mine.push_back(&server.connect());
    mine.back()->send(half);
    server.settle();
  }
  const auto refused = std::ranges::count_if(mine, [](auto* client) { return is_refused(*client); });
  CHECK(refused >= 6);
  CHECK(refused <= 8);
  CHECK(server.context().limits->refusals(http::Limit::client_memory) == static_cast<std::uint64_t>(refused));
  server.peer = *parse_address("192.0.2.1");
  auto& other = server.connect();
  other.send(half);
  server.settle();
  CHECK_FALSE(is_refused(other));
  for (auto* client : mine) client->end();
  server.settle();
  server.peer = boost::asio::ip::address_v4::loopback();
  CHECK(status_of(server, server.connect(), post_request("/echo", std::string(20'000, 'x'))) == 200);
}

TEST_CASE("a client that takes its answers slowly is cut off when it holds more than it may") {
  auto server = server_with({.trusted_proxies = {}, .client_memory = 60'000});
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
  first.take_at_most(50'000);
  server.settle();
  CHECK(answers_in(first.received()).at(0).body.size() == 40'000);
  auto& third = server.connect();
  third.take_at_most(300);
  third.send(get_request("/things/1"));
  server.settle();
  server.reply(2, thing(std::string(40'000, 'x')));
  CHECK_FALSE(third.closed());
}

TEST_CASE(
    "a large answer is not begun for a client that holds too much, and a change's outcome is then unknown") {
  const auto [request, unknown] = GENERATE(table<std::string, bool>({
      {post_request("/things/", "x"), true},
      {get_request("/things/1"), false},
  }));
  auto server = server_with({.trusted_proxies = {}, .client_memory = 150'000});
  auto& slow = server.connect();
  slow.take_at_most(300);
  slow.send(get_request("/page"));
  server.settle();
  auto& client = server.connect();
  client.send(request);
  server.settle();
  server.reply(0, thing(std::string(140'000, 'x')));
  CHECK(is_refused(client));
  CHECK((client.received().find(R"("outcome":"unknown")") != std::string::npos) == unknown);
}
