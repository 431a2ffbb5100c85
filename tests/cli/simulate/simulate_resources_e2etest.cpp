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
    make_clerk(sql_, "clerk");
  }

  /// As somebody who is no superuser, as who queries are not run.
  Finished simulate(const std::string& toml, const std::vector<std::string>& arguments) {
    write_content(folder_ / "mine.toml", toml);
    std::vector<std::string> all{"simulate", "--scenario", (folder_ / "mine.toml").string(), "--database-url",
                                 url_of(conninfo_) + "&user=clerk"};
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
  CHECK_THAT(writing.err, Contains("the user \"clerk\" may not create databases, so there can be no copy"));
  const auto reading =
      shop.simulate(task("get", "orders"), {"--resources", "auto", "--read-only", "-u", "2", "-t", "1s"});
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
  refused(task("list", "nothing"), {"--resources", "auto", "--use-table"},
          "works on nothing, which is not served (resources: ");
  refused("[[task]]\ndo = \"list\"\n", {"--resources", "auto", "--use-table"},
          "names no resource, and there are no items");
}

TEST_CASE("SQL goes to the pool over both transports, its parameters bound by PostgreSQL's types",
          "[simulate]") {
  Shop shop;
  const std::string transport = GENERATE("direct", "http");
  const auto ran = shop.simulate(
      "[[task]]\ndo = \"sql\"\nname = \"of customer\"\n"
      "sql = \"SELECT id, total FROM orders WHERE customer_id = :id AND status = :status AND placed_at > "
      ":since\"\n"
      "params.id = { column = \"customers.id\" }\nparams.status = { list = [\"open\"] }\n"
      "params.since = { list = [\"2020-01-01T00:00:00Z\"] }\n"
      "[[task]]\ndo = \"sql\"\nname = \"note\"\nsql = \"UPDATE orders SET note = :note WHERE id = :id\"\n"
      "params.note = { uniform = [1, 9] }\nparams.id = { uniform = [1, 100] }\n"
      "[[task]]\ndo = \"sql\"\nname = \"wrong\"\nsql = \"SELECT 1 / :n\"\nparams.n = { list = [0] }\n",
      {"--use-table", "-u", "4", "-t", "1s", "--transport", transport, "--json", "-"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();
  REQUIRE(result.tasks.size() == 3);
  CHECK(result.tasks[0].requests > 0);
  CHECK(result.tasks[0].failed == 0);
  CHECK(result.tasks[1].failed == 0);
  CHECK(result.tasks[2].failed == result.tasks[2].requests);
  CHECK(shop.count("orders WHERE note IS NOT NULL") > 0);
  CHECK(shop.count("orders WHERE note IS NOT NULL AND id > 100") == 0);
  CHECK(shop.count("pg_class WHERE relname LIKE 'troupe%' OR relname = 'items'") == 0);
}

TEST_CASE("several statements are one transaction: all of it happens, or nothing", "[simulate]") {
  Shop shop;
  shop.sql().run(
      "CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0)); "
      "INSERT INTO accounts SELECT n, 100 FROM generate_series(1, 20) n; "
      "CREATE TABLE moves (source int, target int); GRANT ALL ON accounts, moves TO clerk");
  const auto ran = shop.simulate(
      "[[task]]\ndo = \"sql\"\nname = \"move\"\nsql = [\"INSERT INTO moves VALUES (:source, :target)\", "
      "\"UPDATE accounts SET balance = balance + :sum WHERE id = :target\", "
      "\"UPDATE accounts SET balance = balance - :sum WHERE id = :source\"]\n"
      "params.source = { uniform = [1, 10] }\nparams.target = { uniform = [11, 20] }\n"
      "params.sum = { uniform = [1, 30] }\n",
      {"--use-table", "-u", "8", "-t", "2s", "--json", "-", "--seed", "3"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();
  CHECK(result.total.requests > result.total.failed);
  CHECK(result.total.failed > 0);  // of who has nothing left
  CHECK(shop.sql().value("SELECT sum(balance) FROM accounts") == "2000");
  CHECK(shop.count("accounts WHERE balance <> 100") > 0);
  const auto done = static_cast<long>(result.total.requests - result.total.failed);
  CHECK(shop.count("moves") >= done);  // also what the warm-up did
}

TEST_CASE("a transaction of statements that only read cannot write", "[simulate]") {
  Shop shop;
  shop.sql().run(
      "CREATE FUNCTION mark() RETURNS int LANGUAGE sql AS $$ UPDATE orders SET note = 'x' RETURNING 1 $$");
  const auto ran = shop.simulate(
      "[[task]]\ndo = \"sql\"\nname = \"look\"\nsql = [\"SELECT count(*) FROM orders WHERE id < :n\", "
      "\"SELECT name FROM customers WHERE id = :n\"]\nparams.n = { uniform = [1, 50] }\n"
      "[[task]]\ndo = \"sql\"\nname = \"sly\"\nsql = [\"SELECT 1\", \"SELECT mark()\"]\n",
      {"-u", "4", "-t", "1s", "--json", "-"});
  INFO(ran.err);
  const auto result = sim::read_json(ran.out).value();
  CHECK(result.tasks[0].requests > 0);
  CHECK(result.tasks[0].failed == 0);
  CHECK(result.tasks[1].failed == result.tasks[1].requests);
  CHECK(shop.count("orders WHERE note IS NOT NULL") == 0);
}

TEST_CASE("SQL that is not known to write cannot, and SQL that writes needs leave", "[simulate]") {
  Shop shop;
  shop.sql().run(
      "CREATE FUNCTION mark() RETURNS int LANGUAGE sql AS $$ UPDATE orders SET note = 'x' RETURNING 1 $$");
  const auto sly =
      shop.simulate("[[task]]\ndo = \"sql\"\nsql = \"SELECT mark()\"\n", {"-u", "1", "-t", "1s"});
  CHECK(sly.code == 3);  // not one request was good
  CHECK(shop.count("orders WHERE note IS NOT NULL") == 0);
  const auto open = shop.simulate("[[task]]\ndo = \"sql\"\nsql = \"DELETE FROM orders\"\n", {"-t", "1s"});
  CHECK(open.code == 2);
  CHECK_THAT(open.err, Contains("changes rows: on a database that is kept that needs --use-table"));
  CHECK(shop.count("orders") == 200);
}

TEST_CASE("a statement that does not prepare is refused with PostgreSQL's own words", "[simulate]") {
  Shop shop;
  const auto ran = shop.simulate(
      "[[task]]\ndo = \"sql\"\nname = \"typo\"\nsql = \"SELECT totl FROM orders\"\n", {"-t", "1s"});
  CHECK(ran.code == 2);
  CHECK_THAT(ran.err, Contains("typo") && Contains("column \"totl\" does not exist"));
}

TEST_CASE("queries of the resource file are called over both transports", "[simulate]") {
  Shop shop;
  const std::string transport = GENERATE("direct", "http");
  const Folder folder("simulate_queries");
  write_content(
      folder / "shop.toml",
      "[resource.orders]\n[query.dear]\nsql = \"SELECT id FROM orders WHERE total >= :least AND status = "
      ":status\"\n[query.mark]\nsql = \"UPDATE orders SET note = :note WHERE id = :id\"\nwrite = true\n");
  const auto toml = [](const std::string& more) {
    return "[[task]]\ndo = \"query\"\nquery = \"dear\"\nparams.least = { uniform = [1, 100] }\n"
           "params.status = { list = [\"open\"] }\n" +
           more;
  };
  const std::string marks =
      "[[task]]\ndo = \"query\"\nquery = \"mark\"\nstatus = [200, 204]\nparams.note = { list = [\"a b&c\"] "
      "}\n"
      "params.id = { uniform = [1, 50] }\n";
  const auto file = (folder / "shop.toml").string();
  const auto ran = shop.simulate(toml(marks), {"--resources", file, "--use-table", "-u", "4", "-t", "1s",
                                               "--transport", transport, "--json", "-"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();
  CHECK(result.total.failed == 0);
  CHECK(result.tasks[1].requests > 0);
  CHECK(shop.count("orders WHERE note = 'a b&c'") > 0);
  const auto missing = shop.simulate("[[task]]\ndo = \"query\"\nquery = \"dear\"\n",
                                     {"--resources", file, "--use-table", "-t", "1s"});
  CHECK(missing.code == 2);
  CHECK_THAT(missing.err, Contains("task 'dear': parameter least is missing: params.least = "));
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
