#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "helpers/items_client.hpp"
#include "helpers/parallel.hpp"
#include "helpers/resource_server.hpp"
#include "helpers/server_process.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

/// A server on the PostgreSQL of this test process: it starts at once.
std::vector<std::string> on_cluster(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--database-url", url_of(shared_cluster().conninfo())});
  return arguments;
}

json::object item_of(int client, int round) {
  return {{"name", "client " + std::to_string(client) + " round " + std::to_string(round)},
          {"description", nullptr},
          {"price", client * 1'000 + round + 0.25},
          {"in_stock", round % 2 == 0}};
}

/// A mixed life of items on one connection; "" when every answer was the right one.
std::string live_through(std::uint16_t port, int client, int rounds) {
  ItemsClient api(port, client % 2 == 0 ? Form::json : Form::msgpack);
  for (int round = 0; round < rounds; ++round) {
    auto item = item_of(client, round);
    const auto where = std::string(item.at("name").as_string()) + ": ";
    const auto created = api.post(item);
    if (created.status() != 201 || created.value != with_id(created.id(), item))
      return where + created.http.body;
    const auto id = created.id();
    item["price"] = 0.5 + round;
    if (api.patch(id, {{"price", 0.5 + round}}).value != with_id(id, item)) return where + "PATCH";
    if (api.item(id).value != with_id(id, item)) return where + "GET";
    const auto listed = api.get("/items/?limit=1&after=" + std::to_string(id - 1));
    if (listed.status() != 200 || listed.value.at(0) != with_id(id, item)) return where + "list";
    if (api.get("/health/ready").status() != 200) return where + "health";
    if (round % 3 != 0) continue;
    if (api.remove(id).status() != 204) return where + "DELETE";
    if (api.item(id).status() != 404) return where + "GET of a deleted item";
  }
  return {};
}

}  // namespace

TEST_CASE("64 clients creating distinct items at once each get exactly their own row", "[e2e]") {
  const std::string batching = GENERATE("coalesce", "pipeline", "off");
  ServerProcess server(on_cluster({"--batching", batching, "--pool-size", "1"}));
  constexpr int clients = 64, rounds = 15;
  const auto failures = in_parallel(clients, [&](int client) {
    ItemsClient api(server.port(), client % 2 == 0 ? Form::json : Form::msgpack);
    std::set<std::int64_t> ids;
    for (int round = 0; round < rounds; ++round) {
      const auto item = item_of(client, round);
      const auto created = api.post(item);
      if (created.status() != 201 || created.value != with_id(created.id(), item))
        return "create: " + std::to_string(created.status()) + " " + created.http.body;
      ids.insert(created.id());
      const auto read = api.item(created.id());
      if (read.value != with_id(created.id(), item))
        return "read: " + std::to_string(read.status()) + " " + read.http.body;
    }
    return std::string(ids.size() == rounds ? "" : "an id came twice");
  });
  for (int client = 0; client < clients; ++client) {
    INFO("client " << client);
    CHECK(failures[static_cast<std::size_t>(client)] == "");
  }
  // Else this test would not have tested what it is for.
  const auto batch_size = metric(server.port(), "troupe_database_batch_size_mean{actor=\"0\"}");
  CHECK((batch_size > 1) == (batching == "coalesce"));
}

TEST_CASE("every way to schedule, batch and connect serves a mixed load rightly", "[e2e]") {
  struct Shape {
    std::string connection_actors, workers, pool_size;
  };
  const std::string scheduler = GENERATE("worker", "stealing", "sharing");
  const std::string batching = GENERATE("coalesce", "pipeline", "off");
  const auto shape = GENERATE(values<Shape>(
      {{"per-connection", "1", "1"}, {"per-connection", "1", "3"}, {"1", "2", "1"}, {"3", "2", "3"}}));
  CAPTURE(scheduler, batching, shape.connection_actors, shape.workers, shape.pool_size);
  ServerProcess server(
      on_cluster({"--scheduler", scheduler, "--batching", batching, "--connection-actors",
                  shape.connection_actors, "--workers", shape.workers, "--pool-size", shape.pool_size}));
  const auto counted = [](const std::string& count, const char* noun) {
    return count + " " + noun + (count == "1" ? "" : "s");
  };
  CHECK_THAT(server.ready_line(),
             Catch::Contains("(" + counted(shape.workers, "worker") + " with ") &&
                 Catch::Contains(", " + counted(shape.pool_size, "connection") + " to PostgreSQL"));
  const auto failures = in_parallel(8, [&](int client) { return live_through(server.port(), client, 8); });
  for (const auto& failure : failures) CHECK(failure == "");
  CHECK(server.stop() == 0);
}

TEST_CASE("the defaults serve a mixed load on as many workers as there are cores", "[e2e]") {
  ServerProcess server(on_cluster({}));
  for (const auto& failure :
       in_parallel(16, [&](int client) { return live_through(server.port(), client, 20); })) {
    CHECK(failure == "");
  }
}

TEST_CASE("a slow list does not hold up single-row requests while another connection is free", "[e2e]") {
  // Row level security makes whatever sorts these rows sleep for each of them: a list that takes 20 s and no
  // processor.
  SqlSession sql(shared_cluster().superuser_conninfo());
  sql.run(
      "CREATE TABLE slow (id bigint PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, name text, description "
      "text,"
      " price float8, in_stock bool);"
      "INSERT INTO slow (name, price, in_stock) SELECT 'n', n, true FROM generate_series(1, 100) AS n;"
      "CREATE ROLE slow_reader LOGIN;"
      "GRANT ALL ON slow TO slow_reader;"
      "ALTER TABLE slow ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY sleepy ON slow USING (CASE WHEN current_query() LIKE '%ORDER BY%' "
      "THEN pg_sleep(0.2) IS NOT NULL ELSE true END)");
  auto url = url_of(shared_cluster().conninfo());
  url.replace(url.find("user=postgres"), 13, "user=slow_reader");
  ServerProcess server({"--database-url", url, "--table", "slow", "--request-timeout", "60s", "--workers",
                        "1", "--pool-size", "2", "--shutdown-timeout", "0ms"});
  const auto of_both = [&](const std::string& name) {
    return metric(server.port(), name + "{actor=\"0\"}") + metric(server.port(), name + "{actor=\"1\"}");
  };
  REQUIRE(eventually([&] { return of_both("troupe_database_ready") == 2; }));
  HttpClient slow(server.port());
  slow.send(request_text("GET", "/items/"));
  REQUIRE(eventually([&] { return of_both("troupe_database_in_flight") == 1; }));
  HttpClient quick(server.port());
  for (int id = 1; id <= 50; ++id) CHECK(quick.ask("GET", ItemsClient::item_path(id)).status == 200);
  CHECK_FALSE(slow.readable(0ms));
}

TEST_CASE("a key that PostgreSQL refuses costs its own read only, whoever is read together with it",
          "[e2e]") {
  const std::string batching = GENERATE("coalesce", "pipeline", "off");
  ResourceServer served(
      "CREATE TYPE mood AS ENUM ('sad', 'happy');"
      "CREATE TABLE moods (mood mood PRIMARY KEY, number int);"
      "INSERT INTO moods VALUES ('sad', 7);"
      "CREATE TABLE things (id int PRIMARY KEY, number int);"
      "INSERT INTO things SELECT n, n FROM generate_series(1, 100) AS n;",
      {"--batching", batching, "--workers", "1", "--pool-size", "1"});
  struct Read {
    std::string path;
    int status;
    std::string holds;
  };
  const std::vector<Read> reads{{"/things/4", 200, "\"number\":4"}, {"/moods/sad", 200, "\"number\":7"},
                                {"/moods/furious", 404, ""},        {"/things/99", 200, "\"number\":99"},
                                {"/things/1000", 404, ""},          {"/moods/happy", 404, ""}};
  const auto failures = in_parallel(24, [&](int client) {
    HttpClient http(served.port());
    std::string failure;
    for (int round = 0; round < 50; ++round) {
      const auto& read = reads[static_cast<std::size_t>(client + round * round) % reads.size()];
      const auto answer = http.ask("GET", read.path);
      if (answer.status != read.status || answer.body.find(read.holds) == std::string::npos)
        failure = read.path + ": " + std::to_string(answer.status) + " " + answer.body;
    }
    return failure;
  });
  for (const auto& failure : failures) CHECK(failure == "");
}
