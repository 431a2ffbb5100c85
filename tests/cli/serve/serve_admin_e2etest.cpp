// The admin listener, the wait before stopping, and what the log tells of the database.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <regex>
#include <string>

#include "helpers/http_client.hpp"
#include "helpers/query_server.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
using Catch::Contains;
namespace json = boost::json;

namespace {

/// A port that was free a moment ago.
std::string free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(probe);
  return std::to_string(ntohs(address.sin_port));
}

/// A server with an admin listener.
struct Watched {
  std::string admin_port = free_port();
  ServerProcess server;

  explicit Watched(std::vector<std::string> flags = {}) : server(with_admin(std::move(flags), admin_port)) {}

  HttpClient admin() const { return HttpClient(static_cast<std::uint16_t>(std::stoi(admin_port))); }
  HttpClient client() const { return HttpClient(server.port()); }

  static std::vector<std::string> with_admin(std::vector<std::string> flags, const std::string& port) {
    flags.insert(flags.end(), {"--admin-port", port});
    return flags;
  }
};

}  // namespace

TEST_CASE("the admin listener has metrics and health, and then the public one has no metrics", "[e2e]") {
  Watched watched;
  auto client = watched.client();
  auto admin = watched.admin();
  client.ask("GET", "/items/");
  const auto metrics = admin.ask("GET", "/metrics");
  CHECK(metrics.status == 200);
  CHECK_THAT(metrics.body, Contains("troupe_http_requests_total{route=\"GET /items/\",status=\"200\"} 1"));
  CHECK(admin.ask("GET", "/health/live").status == 200);
  CHECK(admin.ask("GET", "/health/ready").status == 200);
  CHECK(admin.ask("GET", "/items/").status == 404);
  CHECK(client.ask("GET", "/metrics").status == 404);
  CHECK(client.ask("GET", "/debug/actors").status == 404);
  CHECK(client.ask("GET", "/health/ready").status == 200);
  CHECK_THAT(client.ask("GET", "/openapi.json").body, !Contains("/metrics"));
  CHECK_THAT(client.ask("GET", "/").body, !Contains("/metrics"));
}

TEST_CASE("a look inside tells of every worker and database actor, also with CAF's schedulers", "[e2e]") {
  const auto scheduler = GENERATE("worker", "stealing", "sharing");
  Watched watched({"--workers", "2", "--pool-size", "3", "--scheduler", scheduler});
  auto client = watched.client();
  client.ask("GET", "/health/live");
  const auto answer = watched.admin().ask("GET", "/debug/actors");
  REQUIRE(answer.status == 200);
  CAPTURE(scheduler, answer.body);
  const auto inside = json::parse(answer.body);
  REQUIRE(inside.at("workers").as_array().size() == 2);
  std::int64_t idle = 0;
  for (const auto& worker : inside.at("workers").as_array()) {
    CHECK_FALSE(worker.as_object().contains("silent"));
    if (const auto* count = worker.at("sessions").as_object().if_contains("idle"))
      idle += count->to_number<std::int64_t>();
  }
  CHECK(idle == 1);
  CHECK(inside.at("connections") == 1);
  CHECK(inside.at("stopping") == false);
  REQUIRE(inside.at("database").at("actors").as_array().size() == 3);
  CHECK(inside.at("database").at("actors").at(0).at("state") == "ready");
}

TEST_CASE("the admin listener answers while the public one is full, and tells what waits", "[e2e]") {
  Watched watched({"--max-connections", "1", "--pool-size", "1", "--workers", "1"});
  SqlSession lock(watched.server.conninfo());
  lock.run("BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE");
  auto client = watched.client();
  client.send(request_text("GET", "/items/"));
  auto waiting = watched.client();
  waiting.send(request_text("GET", "/health/live"));
  auto admin = watched.admin();
  const auto inside = [&] { return json::parse(admin.ask("GET", "/debug/actors").body); };
  CHECK(
      eventually([&] { return inside().at("database").at("actors").at(0).at("statements_in_flight") == 1; }));
  const auto told = inside();
  CHECK(told.at("connections") == 1);
  CHECK(told.at("workers").at(0).at("requests_under_way") == 1);
  CHECK(told.at("database").at("actors").at(0).at("lists_outstanding") == 1);
  CHECK(admin.ask("GET", "/health/ready").status == 200);
  CHECK_FALSE(waiting.readable(0ms));
  lock.run("ROLLBACK");
  CHECK(client.read().status == 200);
}

TEST_CASE("a worker that is held up is told of as silent", "[e2e]") {
  // With two workers of which one waits for PostgreSQL; the admin's connection is on either.
  Watched watched({"--workers", "2", "--pool-size", "2", "--execution", "blocking", "--lanes", "shared",
                   "--request-timeout", "60s"});
  SqlSession lock(watched.server.conninfo());
  lock.run("BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE");
  auto client = watched.client();
  client.send(request_text("GET", "/items/"));
  CHECK(eventually([&] {
    auto admin = watched.admin();
    admin.send(request_text("GET", "/debug/actors"));
    if (!admin.readable(2s)) return false;  // it is on the worker that waits
    const auto answer = admin.read();
    return answer.status == 200 && answer.body.find("\"silent\"") != std::string::npos;
  }));
  lock.run("ROLLBACK");
  CHECK(client.read().status == 200);
}

TEST_CASE("an admin port that is taken is told of with its own flags", "[e2e]") {
  const ServerProcess other;
  const auto ended = run_troupe({{"serve", "--port", "0", "--admin-port", std::to_string(other.port())}});
  CHECK(ended.code == 1);
  CHECK_THAT(ended.err, Contains("the admin listener: cannot listen on 127.0.0.1:") &&
                            Contains("--admin-port") && !Contains("--port 0"));
}

TEST_CASE("with --shutdown-delay a server that was asked to stop is not ready, and serves on", "[e2e]") {
  Watched watched({"--shutdown-delay", "60s"});
  auto client = watched.client();
  CHECK(client.ask("GET", "/health/ready").status == 200);
  watched.server.process().signal(SIGTERM);
  CHECK(eventually([&] { return watched.admin().ask("GET", "/health/ready").status == 503; }));
  CHECK(client.ask("GET", "/health/ready").status == 503);
  const auto answer = watched.client().ask("GET", "/items/");
  CHECK(answer.status == 200);
  CHECK_FALSE(answer.has("Connection"));
  CHECK_FALSE(watched.server.process().exit_code());
  // A second signal ends the wait.
  watched.server.process().signal(SIGTERM);
  CHECK(watched.server.process().finish().code == 0);
}

TEST_CASE("the wait before stopping ends by itself", "[e2e]") {
  ServerProcess server({"--shutdown-delay", "200ms"});
  CHECK(server.stop() == 0);
  CHECK_THAT(server.log(), Contains("not ready any more, and serving on for 200ms"));
}

TEST_CASE("statements that took long are in the log by name, without values, and not each", "[e2e]") {
  QueryServer queries(R"(
[query.nap]
sql = "SELECT pg_sleep(0.05)::text AS slept, :word::text AS word"
[query.quick]
sql = "SELECT 1 AS one"
)",
                      {"--slow-query", "20ms"});
  for (int i = 0; i < 5; ++i) CHECK(queries.ask("GET", "/nap?word=hush").starts_with("200 "));
  CHECK(queries.ask("GET", "/quick").starts_with("200 "));
  const auto log = queries.server().log();
  CAPTURE(log);
  const std::regex line("slow statement: query nap took [0-9]+ ms, for 1 commands, 1 rows");
  CHECK(std::distance(std::sregex_iterator(log.begin(), log.end(), line), {}) == 1);
  CHECK_THAT(log, !Contains("hush") && !Contains("query quick"));
}
