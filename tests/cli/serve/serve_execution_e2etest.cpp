// database.execution: the same API whether a connection waits for PostgreSQL on its worker, on a thread of
// its own, or not at all.
#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "helpers/items_client.hpp"
#include "helpers/parallel.hpp"
#include "helpers/processes.hpp"
#include "helpers/server_process.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

const json::value item = {{"name", "x"}, {"description", nullptr}, {"price", 1.5}, {"in_stock", true}};

std::vector<std::string> on_cluster(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--database-url", url_of(shared_cluster().conninfo())});
  return arguments;
}

/// A life of items; "" when every answer was the right one.
std::string live_through(std::uint16_t port, int rounds) {
  ItemsClient api(port);
  for (int round = 0; round < rounds; ++round) {
    const auto created = api.post(item);
    if (created.status() != 201) return "POST: " + created.http.body;
    const auto id = created.id();
    if (api.item(id).value != with_id(id, item)) return "GET";
    if (api.patch(id, {{"price", 2.5}}).value.at("price") != 2.5) return "PATCH";
    if (api.get("/items/?limit=1&after=" + std::to_string(id - 1)).status() != 200) return "list";
    if (api.remove(id).status() != 204) return "DELETE";
    if (api.item(id).status() != 404) return "GET of a deleted item";
  }
  return {};
}

std::string backends(const std::string& what, const std::string& condition = "true") {
  return SqlSession(shared_cluster().superuser_conninfo())
      .value("SELECT " + what +
             " FROM pg_stat_activity WHERE application_name = 'troupe' AND backend_type = "
             "'client backend' AND " +
             condition);
}

}  // namespace

TEST_CASE("the API works under every execution, survives its connections being killed, and ends cleanly",
          "[e2e]") {
  const std::string execution = GENERATE("async", "blocking", "detached");
  const std::string scheduler = GENERATE("worker", "stealing", "sharing");
  const std::string batching = GENERATE("coalesce", "pipeline", "off");
  if (scheduler != "worker" && batching != "off") return;  // one of them changes at a time
  CAPTURE(execution, scheduler, batching);
  ServerProcess server(on_cluster({"--execution", execution, "--scheduler", scheduler, "--batching", batching,
                                   "--workers", "2", "--pool-size", "4"}));
  const auto lives = [&] { return in_parallel(12, [&](int) { return live_through(server.port(), 10); }); };
  for (const auto& wrong : lives()) CHECK(wrong == "");
  const auto killed = backends("string_agg(pid::text, ',')");
  backends("count(pg_terminate_backend(pid))");
  // Who waits for its answers only finds out when it is asked next.
  CHECK(eventually([&] {
    in_parallel(12, [&](int) { return ItemsClient(server.port()).get("/health/ready").status(); });
    return backends("count(*)", "pid NOT IN (" + killed + ")") == "4";
  }));
  for (const auto& wrong : lives()) CHECK(wrong == "");
  CHECK(server.stop() == 0);
  CHECK(eventually([&] { return backends("count(*)") == "0"; }));
}

TEST_CASE(
    "a connection that waits for its answers and died while idle costs the next reader nothing but time",
    "[e2e]") {
  const std::string execution = GENERATE("blocking", "detached");
  CAPTURE(execution);
  ServerProcess server(on_cluster({"--execution", execution, "--pool-size", "1"}));
  ItemsClient client(server.port());
  const auto id = client.post(item).id();
  const auto killed = backends("max(pid)");
  backends("pg_terminate_backend(pid)");
  REQUIRE(eventually([&] { return backends("count(*)", "pid = " + killed) == "0"; }));
  CHECK(client.item(id).status() == 200);
  CHECK(backends("max(pid)") != killed);
}

TEST_CASE("a blocking worker has one statement in flight and does nothing else; the others go on", "[e2e]") {
  const std::string execution = GENERATE("async", "blocking", "detached");
  CAPTURE(execution);
  ServerProcess server(
      on_cluster({"--execution", execution, "--batching", "off", "--workers", "1", "--pool-size", "4"}));
  wait_until("all connections work", [&] {
    double ready = 0;
    for (const char* actor : {"0", "1", "2", "3"})
      ready += metric(server.port(), "troupe_database_ready{actor=\"" + std::string(actor) + "\"}");
    return ready == 4;
  });
  ItemsClient writer(server.port());
  const auto id = writer.post(item).id();
  SqlSession lock(shared_cluster().conninfo());
  lock.run("BEGIN; SELECT FROM items WHERE id = " + std::to_string(id) + " FOR UPDATE");
  const json::value change = {{"price", 2.5}};
  writer.http().send(writer.text("PATCH", ItemsClient::item_path(id), &change));
  REQUIRE(eventually([&] { return backends("count(*)", "wait_event_type = 'Lock'") == "1"; }));
  std::vector<ItemsClient> others;  // no more than there are free connections
  for (int number = 0; number < 3; ++number) {
    others.emplace_back(server.port());
    others.back().http().send(others.back().text("GET", ItemsClient::item_path(id)));
  }
  if (execution == "blocking") {
    for (auto& other : others) CHECK_FALSE(other.http().readable(100ms));
    CHECK(backends("count(*)", "state <> 'idle'") == "1");
    lock.run("ROLLBACK");
  }
  for (auto& other : others) CHECK(other.read().status() == 200);
  if (execution != "blocking") lock.run("ROLLBACK");
  CHECK(writer.read().status() == 200);
}

TEST_CASE("PostgreSQL that stops answering holds nobody for ever under any execution", "[e2e]") {
  const std::string execution = GENERATE("blocking", "detached");
  CAPTURE(execution);
  ServerProcess server({"--execution", execution, "--request-timeout", "1s", "--pool-size", "2"});
  ItemsClient client(server.port());
  const auto id = client.post(item).id();
  {
    const Paused paused(server.postmaster());
    const auto written = client.put(id, item);
    CHECK(written.status() == 503);
    CHECK(written.value.at("outcome") == "unknown");
  }
  CHECK(eventually([&] { return client.put(id, item).status() == 200; }));
  CHECK(server.stop() == 0);
}
