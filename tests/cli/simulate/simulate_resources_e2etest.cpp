// `troupe simulate --resources` on a stranger's tables.
#include <catch2/catch.hpp>

#include "helpers/folder.hpp"
#include "helpers/server_process.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/shop.hpp"
#include "helpers/sql_session.hpp"
#include "sim/result/results.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;
using Catch::Contains;

namespace {

/// The shop's tables with some rows, and scenarios for them.
class Shop {
 public:
  Shop() : conninfo_(fresh_database()), sql_(conninfo_) {
    sql_.run(shop_sql());
    sql_.run("INSERT INTO customers (email, name) SELECT 'c' || n, 'n' FROM generate_series(1, 50) n");
    sql_.run("INSERT INTO orders (customer_id, total) SELECT 1 + n % 50, n FROM generate_series(1, 200) n");
  }

  Finished simulate(const std::string& toml, const std::vector<std::string>& arguments) {
    write_content(folder_ / "mine.toml", toml);
    std::vector<std::string> all{"simulate", "--scenario", (folder_ / "mine.toml").string(), "--database-url",
                                 url_of(conninfo_)};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_troupe({.arguments = std::move(all)});
  }
  SqlSession& sql() { return sql_; }
  long count(const std::string& table) { return std::stol(sql_.value("SELECT count(*) FROM " + table)); }

 private:
  Folder folder_{"simulate_resources"};
  std::string conninfo_;
  SqlSession sql_;
};

std::string task(const std::string& operation, const std::string& resource, const std::string& more = "") {
  return "[[task]]\ndo = \"" + operation + "\"\nresource = \"" + resource + "\"\n" + more;
}

}  // namespace

TEST_CASE("every operation on a stranger's tables works, over messages and over sockets", "[simulate]") {
  Shop shop;
  const std::string transport = GENERATE("direct", "http");
  const std::string keys = GENERATE("own", "zipfian");
  auto mix = "keys = { kind = \"" + keys + "\" }\n";
  for (const auto* resource : {"customers", "orders", "films", "labels", "order_lines"}) {
    // Where rows are deleted, one may be gone when it is asked for.
    mix += task("list", resource) + task("create", resource) +
           task("get", resource, "status = [200, 404]\n") + task("update", resource, "status = [200, 201]\n");
  }
  for (const auto* resource : {"films", "labels"}) mix += task("delete", resource, "status = [204, 404]\n");
  const auto ran = shop.simulate(mix, {"--resources", "auto", "--use-table", "-u", "8", "-t", "2s",
                                       "--transport", transport, "--json", "-", "--seed", "5"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();
  for (const auto& failure : result.failures) CHECK(failure.message == "");
  CHECK(result.total.failed == 0);
  for (const auto& one : result.tasks) {
    CAPTURE(one.name);
    CHECK(one.requests > 0);
  }
  CHECK(shop.count("customers") > 50);
  CHECK(shop.count("order_lines") > 0);
}

TEST_CASE("a body of the scenario's own is filled from parameters, over both transports", "[simulate]") {
  Shop shop;
  const std::string transport = GENERATE("direct", "http");
  const auto ran = shop.simulate(
      task("create", "orders",
           "body = '{\"customer_id\": {who}, \"total\": {total}, \"status\": \"{status}\", \"note\": "
           "\"mine\"}'\n"
           "params.who = { column = \"customers.id\", choice = \"zipfian\", theta = 0.9 }\n"
           "params.total = { uniform = [1, 5] }\nparams.status = { list = [\"paid\", \"sent\"] }\n"),
      {"--resources", "auto", "--use-table", "-u", "4", "-t", "1s", "--transport", transport});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(shop.count("orders WHERE note = 'mine'") > 0);
  CHECK(shop.count("orders WHERE note = 'mine' AND (status = 'open' OR total NOT BETWEEN 1 AND 5)") == 0);
}

TEST_CASE("a stranger's rows are changed only when that is asked for", "[simulate]") {
  Shop shop;
  const auto writing = shop.simulate(task("create", "orders"), {"--resources", "auto", "-t", "1s"});
  CHECK(writing.code == 2);
  CHECK_THAT(writing.err, Contains("changes rows: --resources with another's database needs --use-table"));
  const auto reading = shop.simulate(task("get", "orders"), {"--resources", "auto", "-u", "2", "-t", "1s"});
  INFO(reading.err);
  CHECK(reading.code == 0);
  CHECK(shop.count("orders") == 200);
}

TEST_CASE("what cannot be done with resources is said in one line", "[simulate]") {
  Shop shop;
  const auto refused = [&](const std::string& toml, const std::vector<std::string>& flags,
                           const std::string& why) {
    const auto ran = shop.simulate(toml, flags);
    CAPTURE(ran.err);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.err, Contains(why));
  };
  refused(task("list", "orders"), {},
          "task 'list orders' works on orders, which needs --resources FILE or auto");
  refused(task("list", "nothing"), {"--resources", "auto"},
          "works on nothing, which is not served (resources: ");
  refused("[[task]]\ndo = \"list\"\n", {"--resources", "auto"}, "names no resource, and there are no items");
}

TEST_CASE("an outside server's resources are reached by requests of one's own only", "[simulate]") {
  const Folder folder("simulate_resources_target");
  write_content(folder / "mine.toml", task("list", "orders"));
  const auto scenario = (folder / "mine.toml").string();
  const auto ran = run_troupe(
      {.arguments = {"simulate", "--scenario", scenario, "--target", "http://127.0.0.1:1", "-t", "1s"}});
  CHECK(ran.code == 2);
  CHECK_THAT(ran.err,
             Contains("needs a PostgreSQL of our own: leave out --target, or write do = \"request\""));
}
