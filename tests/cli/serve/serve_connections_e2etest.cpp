#include <sys/resource.h>

#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "helpers/items_client.hpp"
#include "helpers/processes.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

ServerProcess& server() {
  static ServerProcess shared;
  return shared;
}

const std::string live = request_text("GET", "/health/live");
const json::value item = {{"name", "x"}, {"price", 1.5}};

/// Sends one byte after the other until the server has had enough.
void trickle(HttpClient& client, std::string_view bytes) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!client.readable(20ms) && std::chrono::steady_clock::now() < end) client.send(bytes);
}

}  // namespace

TEST_CASE("whoever is slow is given the time the settings say, however steadily bytes come", "[e2e]") {
  static ServerProcess impatient(
      {"--header-timeout", "400ms", "--body-timeout", "400ms", "--idle-timeout", "400ms"});

  SECTION("a slow header is 408") {
    HttpClient client(impatient.port());
    client.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    trickle(client, "a");
    const auto answer = client.read();
    CHECK(answer.status == 408);
    CHECK(answer.field("Connection") == "close");
    CHECK(answer.field("Content-Type") == "application/problem+json");
    CHECK(client.closed_by_peer());
  }
  SECTION("a slow body is 408") {
    HttpClient client(impatient.port());
    client.send(
        "POST /items/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
        "100000\r\n\r\n");
    trickle(client, " ");
    CHECK(client.read().status == 408);
    CHECK(client.closed_by_peer());
  }
  SECTION("a slow chunk is 408") {
    HttpClient client(impatient.port());
    client.send("POST /items/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    trickle(client, "1\r\n \r\n");
    CHECK(client.read().status == 408);
    CHECK(client.closed_by_peer());
  }
  SECTION("an idle connection is closed without a word") {
    HttpClient client(impatient.port());
    CHECK(client.ask("GET", "/health/live").status == 200);
    CHECK(client.closed_by_peer());
  }
  SECTION("a connection that never says anything is closed") {
    HttpClient client(impatient.port());
    CHECK(client.closed_by_peer());
  }
  SECTION("empty lines do not keep a connection open") {
    HttpClient client(impatient.port());
    trickle(client, "\r\n");
    CHECK(client.closed_by_peer());
  }
}

TEST_CASE("pipelined requests are answered in their order", "[e2e]") {
  ItemsClient client(server().port(), GENERATE(Form::json, Form::msgpack));
  const auto id = client.post(item).id();
  const auto path = ItemsClient::item_path(id);
  constexpr int rounds = 40;
  std::string bytes;
  for (int round = 0; round < rounds; ++round) {
    const json::value next = {{"name", "round " + std::to_string(round)}, {"price", round + 0.5}};
    bytes += client.text("PUT", path, &next) + client.text("GET", path) + live + "\r\n" +
             request_text("GET", "/nowhere/" + std::to_string(round));
  }
  client.http().send(bytes);
  for (int round = 0; round < rounds; ++round) {
    const auto put = client.read(), got = client.read(), alive = client.read(), missing = client.read();
    CHECK(text_at(put.value, "name") == "round " + std::to_string(round));
    CHECK(got.value == put.value);
    CHECK(alive.value == json::value{{"status", "live"}});
    CHECK(missing.status() == 404);
  }
}

TEST_CASE("a request may come byte by byte", "[e2e]") {
  ItemsClient client(server().port());
  for (const char byte : client.text("POST", "/items/", &item)) client.http().send({&byte, 1});
  CHECK(client.read().status() == 201);
}

TEST_CASE("Expect: 100-continue is answered before the body, unless there is nothing to wait for", "[e2e]") {
  HttpClient client(server().port());
  const auto body = encode(Form::json, item);
  const auto head = [&](const std::string& version, std::size_t length) {
    return "POST /items/ " + version +
           "\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n" +
           "Content-Length: " + std::to_string(length) + "\r\n\r\n";
  };
  SECTION("it comes, then the final answer, on every request of the connection") {
    for (int request = 0; request < 3; ++request) {
      client.send(head("HTTP/1.1", body.size()));
      CHECK(client.read().status == 100);
      client.send(body);
      CHECK(client.read().status == 201);
    }
  }
  SECTION("a body that is too long is refused instead") {
    client.send(head("HTTP/1.1", 2 << 20));
    CHECK(client.read().status == 413);
    client.finish_sending();
    CHECK(client.closed_by_peer());
  }
  SECTION("an HTTP/1.0 client does not know it") {
    client.send(head("HTTP/1.0", body.size()) + body);
    CHECK(client.read().status == 201);
  }
}

TEST_CASE("a connection ends when the client wants it to, and only then", "[e2e]") {
  struct Row {
    std::string request;
    bool stays_open;
    std::string connection;  ///< the answer's field
  };
  const auto row = GENERATE(values<Row>({
      {"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", true, ""},
      {"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n", true, ""},
      {"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", false, "close"},
      {"GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: foo, Close\r\n\r\n", false, "close"},
      {"GET /health/live HTTP/1.0\r\n\r\n", false, "close"},
      {"GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true, "keep-alive"},
  }));
  CAPTURE(row.request);
  HttpClient client(server().port());
  client.send(row.request);
  const auto answer = client.read();
  CHECK(answer.version == "HTTP/1.1");
  CHECK(answer.field("Connection") == row.connection);
  if (row.stays_open) {
    CHECK(client.ask("GET", "/health/live").status == 200);
  } else {
    CHECK(client.closed_by_peer());
  }
}

TEST_CASE("a client that has finished sending is still answered", "[e2e]") {
  HttpClient client(server().port());
  client.send(request_text("GET", "/items/?limit=1") + request_text("GET", "/health/ready"));
  client.finish_sending();
  CHECK(client.read().status == 200);
  CHECK(client.read().status == 200);
  CHECK(client.closed_by_peer());
}

TEST_CASE("connections cut anywhere in a request leak nothing", "[e2e]") {
  const auto port = server().port();
  const auto connections = [&] { return metric(port, "troupe_http_connections"); };
  const auto queued = [&] {
    double sum = 0;
    for (int actor = 0; actor < 64; ++actor) {
      sum += metric(port, "troupe_database_queue{actor=\"" + std::to_string(actor) + "\"}");
    }
    return sum;
  };
  const std::string whole =
      ItemsClient(port).text("POST", "/items/", &item) + request_text("GET", "/items/?count=true");
  const auto cut_all = [&] {
    for (std::size_t length = 0; length <= whole.size(); length += 3) {
      HttpClient client(port);
      client.send(std::string_view(whole).substr(0, length));
      if (length % 2 == 0) client.reset();
    }
  };
  cut_all();  // the buffers, threads and log of a first time
  REQUIRE(eventually([&] { return connections() == 1; }));
  const auto descriptors = open_descriptors(server().pid());
  for (int round = 0; round < 3; ++round) cut_all();
  CHECK(eventually([&] { return connections() == 1; }));
  CHECK(eventually([&] { return queued() == 0; }));
  CHECK(eventually([&] { return open_descriptors(server().pid()) <= descriptors; }));
}

TEST_CASE("a client that does not read its answer holds up nobody, and is dropped in the end", "[e2e]") {
  ServerProcess roomy({"--body-timeout", "500ms", "--workers", "1", "--pool-size", "1"});
  SqlSession(roomy.conninfo())
      .run(
          "INSERT INTO items (name, description, price) SELECT 'n', repeat('d', 2000), 1 FROM "
          "generate_series(1, 1000)");
  HttpClient lazy(roomy.port());
  std::string many;
  for (int i = 0; i < 20; ++i) many += request_text("GET", "/items/?limit=1000");  // 40 MB of answers
  lazy.send(many);
  HttpClient other(roomy.port());
  for (int i = 0; i < 50; ++i) REQUIRE(other.ask("GET", "/items/1").status == 200);
  CHECK(eventually([&] { return metric(roomy.port(), "troupe_http_connections") == 2; }));
}

#ifndef __SANITIZE_ADDRESS__  // UBSan's vptr check opens a pipe to see whether memory is readable: it needs
                              // descriptors, too
TEST_CASE("running out of descriptors does not end accepting", "[e2e]") {
  ServerProcess poor({"--workers", "1", "--pool-size", "1", "--run-as", "root"});
  const auto had = open_descriptors(poor.pid());
  const rlimit limit{had + 4, had + 4};
  REQUIRE(prlimit(poor.pid(), RLIMIT_NOFILE, &limit, nullptr) == 0);
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<HttpClient>(poor.port()));
    clients.back()->send(live);
  }
  CHECK(clients.front()->read().status == 200);
  REQUIRE(eventually([&] { return poor.log().find("accept: ") != std::string::npos; }));
  clients.erase(clients.begin());
  while (!clients.empty()) {
    CHECK(clients.front()->read().status == 200);
    clients.erase(clients.begin());
  }
  CHECK(HttpClient(poor.port()).ask("GET", "/health/ready").status == 200);
}
#endif

TEST_CASE("a low limit on open files lowers the number of connections, and serves", "[e2e]") {
  ServerProcess poor(Launch{{"--workers", "1", "--pool-size", "1"}, {}, 64});
  CHECK(poor.log().find("server.max_connections lowered to 32") != std::string::npos);
  CHECK(HttpClient(poor.port()).ask("GET", "/health/ready").status == 200);
}
