#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "helpers/items_client.hpp"
#include "helpers/processes.hpp"
#include "helpers/query_server.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

const std::string live = request_text("GET", "/health/live");

double limited(std::uint16_t port, const std::string& limit) {
  return metric(port, "troupe_http_limited_total{limit=\"" + limit + "\"}");
}

std::string forwarded_for(const std::string& client) {
  return "X-Forwarded-For: " + client + "\r\n";
}

}  // namespace

TEST_CASE("past its rate a client is 429 with the time to wait, and is served after it", "[e2e]") {
  ServerProcess server({"--client-rate", "1", "--client-burst", "3"});
  HttpClient client(server.port());
  std::vector<int> statuses;
  Answer answer;
  do {
    answer = client.ask("GET", "/health/live");
    statuses.push_back(answer.status);
  } while (answer.status == 200 && statuses.size() < 20);
  CHECK(statuses.size() >= 4);
  REQUIRE(answer.status == 429);
  CHECK(answer.field("Retry-After") == "1");
  CHECK(answer.field("Content-Type") == "application/problem+json");
  CHECK(answer.field("Connection").empty());
  CHECK(boost::json::parse(answer.body).at("type").as_string() == "urn:troupe:problem:too-many-requests");
  CHECK(eventually([&] { return HttpClient(server.port()).ask("GET", "/health/live").status == 200; }));
}

TEST_CASE("behind a trusted proxy clients are told apart, and behind any other not", "[e2e]") {
  ServerProcess server({"--client-rate", "0.001", "--client-burst", "2", "--trusted-proxies", "127.0.0.1"});
  HttpClient proxy(server.port());
  const auto status = [&](const std::string& fields) {
    return proxy.ask("GET", "/health/live", fields).status;
  };
  for (const std::string client : {"192.0.2.1", "192.0.2.2", "2001:db8::1"}) {
    CHECK(status(forwarded_for("203.0.113.5, " + client)) == 200);
    CHECK(status(forwarded_for(client)) == 200);
    CHECK(status(forwarded_for(client)) == 429);
  }
  CHECK(status(forwarded_for("2001:db8::ffff:2")) == 429);  // of the network that has asked
  CHECK(limited(server.port(), "client_rate") == 4);

  ServerProcess alone({"--client-rate", "0.001", "--client-burst", "2"});
  HttpClient liar(alone.port());
  CHECK(liar.ask("GET", "/health/live", forwarded_for("192.0.2.1")).status == 200);
  CHECK(liar.ask("GET", "/health/live", forwarded_for("192.0.2.2")).status == 200);
  CHECK(liar.ask("GET", "/health/live", forwarded_for("192.0.2.3")).status == 429);
}

TEST_CASE("a client that has all its connections is let in again when one has ended", "[e2e]") {
  ServerProcess server({"--client-connections", "3"});
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<HttpClient>(server.port()));
    REQUIRE(clients.back()->ask("GET", "/health/live").status == 200);
  }
  for (int i = 0; i < 5; ++i) CHECK(HttpClient(server.port()).closed_by_peer());
  CHECK(clients.front()
            ->ask("GET", "/metrics")
            .body.find("troupe_http_limited_total{limit=\"client_connections\"} 5") != std::string::npos);
  CHECK(server.log().find(
            "a connection of 127.0.0.1 was refused: it has 3 already (limits.client_connections)") !=
        std::string::npos);
  clients.pop_back();
  CHECK(eventually([&] {
    HttpClient again(server.port());
    return !again.readable(50ms) && again.ask("GET", "/health/live").status == 200;
  }));
}

TEST_CASE("at --max-connections the longest idle connection makes room for who comes", "[e2e]") {
  ServerProcess server({"--max-connections", "4", "--workers", "3"});
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<HttpClient>(server.port()));
    REQUIRE(clients.back()->ask("GET", "/health/live").status == 200);
  }
  REQUIRE(clients.front()->ask("GET", "/health/live").status == 200);  // so the second is idle for longest
  HttpClient fifth(server.port());
  fifth.send(live);
  CHECK(fifth.read().status == 200);
  CHECK(clients[1]->closed_by_peer());
  for (const std::size_t place : {0U, 2U, 3U})
    CHECK(clients[place]->ask("GET", "/health/live").status == 200);
  CHECK(metric(server.port(), "troupe_http_evicted_total") == 2);  // who asks needs room, too
}

TEST_CASE("a connection on which a request has begun makes room for nobody", "[e2e]") {
  ServerProcess server({"--max-connections", "3"});
  std::vector<std::unique_ptr<HttpClient>> busy;
  for (int i = 0; i < 3; ++i) {
    busy.push_back(std::make_unique<HttpClient>(server.port()));
    busy.back()->send("GET /health/live HTTP/1.1\r\n");
  }
  HttpClient late(server.port());
  late.send(live);
  CHECK_FALSE(late.readable(500ms));
  busy[1]->send("Host: localhost\r\n\r\n");
  CHECK(busy[1]->read().status == 200);
  CHECK(late.read().status == 200);  // of the three that one is idle now
  CHECK(busy[1]->closed_by_peer());
  late.send("GET /health/live HTTP/1.1\r\n");
  HttpClient later(server.port());
  later.send(live);
  CHECK_FALSE(later.readable(300ms));
  busy[0]->reset();
  CHECK(later.read().status == 200);
}

TEST_CASE("any number of clients get their turn among idle ones", "[e2e]") {
  ServerProcess server({"--max-connections", "8"});
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 60; ++i) {
    clients.push_back(std::make_unique<HttpClient>(server.port()));
    clients.back()->send(live);
  }
  for (auto& client : clients) CHECK(client->read().status == 200);
}

TEST_CASE("more header fields than --header-fields are 431, and how many come at once is the same", "[e2e]") {
  ServerProcess server({"--header-fields", "10"});
  const auto request = [](int fields) {  // with Host
    std::string lines;
    for (int i = 1; i < fields; ++i) lines += "X-" + std::to_string(i) + ": y\r\n";
    return request_text("GET", "/health/live", lines);
  };
  HttpClient client(server.port());
  client.send(request(10));
  CHECK(client.read().status == 200);
  client.send(request(11));
  const auto answer = client.read();
  CHECK(answer.status == 431);
  CHECK(answer.body.find("more than 10 header fields") != std::string::npos);
  CHECK(client.closed_by_peer());
}

TEST_CASE("a list skips no more rows than --max-offset, and says how to go further", "[e2e]") {
  ServerProcess server({"--max-offset", "10"});
  SqlSession(server.conninfo())
      .run("INSERT INTO items (name, price) SELECT 'n', 1 FROM generate_series(1, 40)");
  HttpClient client(server.port());
  CHECK(client.ask("GET", "/items/?offset=10&limit=5").status == 200);
  const auto refused = client.ask("GET", "/items/?offset=11");
  CHECK(refused.status == 400);
  CHECK(refused.body.find("must be less than or equal to 10: to go further use after") != std::string::npos);
  const auto document = boost::json::parse(client.ask("GET", "/openapi.json").body);
  for (const auto& parameter : document.at("paths").at("/items/").at("get").at("parameters").as_array()) {
    if (parameter.at("name") == "offset") CHECK(parameter.at("schema").at("maximum") == 10);
  }
  // Pages by offset go on by cursor where an offset would be too large.
  std::size_t rows = 10;
  std::string next = "/items/?offset=10&limit=5";
  while (!next.empty() && rows <= 40) {
    const auto page = client.ask("GET", next);
    REQUIRE(page.status == 200);
    rows += boost::json::parse(page.body).as_array().size();
    const auto link = page.field("Link");
    next = link.empty() ? "" : link.substr(1, link.find('>') - 1);
  }
  CHECK(rows == 40);
}

TEST_CASE("a statement that takes longer than its kind may is 503, long before the request's time is up",
          "[e2e]") {
  QueryServer server(R"(
[query.slow]
path = "/reports/slow"
sql = "SELECT pg_sleep(3600)::text AS slept"
[query.quick]
path = "/reports/quick"
sql = "SELECT 1 AS one"
)",
                     {"--list-timeout", "300ms", "--request-timeout", "1h"});
  const auto answer = server.ask("GET", "/reports/slow");
  CHECK(answer.starts_with("503 "));
  CHECK(answer.find("urn:troupe:problem:deadline-passed") != std::string::npos);
  CHECK(server.ask("GET", "/reports/quick").starts_with("200 "));
}

TEST_CASE("reads and writes that wait for a lock have the time of their kind, each its own", "[e2e]") {
  ServerProcess server({"--read-timeout", "400ms", "--write-timeout", "800ms", "--request-timeout", "1h"});
  ItemsClient client(server.port());
  const boost::json::value item = {{"name", "x"}, {"price", 1.5}};
  const auto path = ItemsClient::item_path(client.post(item).id());
  SqlSession holder(server.conninfo());
  holder.run("BEGIN");
  holder.run("LOCK TABLE items");
  CHECK(client.get(path).status() == 503);
  CHECK(client.post(item).status() == 503);
  holder.run("ROLLBACK");
  CHECK(client.get(path).status() == 200);
  CHECK(client.post(item).status() == 201);
}
