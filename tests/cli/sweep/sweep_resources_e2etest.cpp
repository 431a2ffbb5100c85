// Sweeps and simulations on tables of the user's own: where they write, what they leave behind, and the
// answer.
#include <catch2/catch.hpp>
#include <fstream>

#include "helpers/shared_cluster.hpp"
#include "helpers/shop.hpp"
#include "helpers/sql_session.hpp"
#include "helpers/sweep_process.hpp"

using namespace troupe::tests;
using Catch::Contains;

namespace {

constexpr const char* copies_sql =
    "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'troupe_copy_')";

/// A shop with some rows, the files for a sweep on it, and how it was at first.
class Shop {
 public:
  Shop() : sql(conninfo_) {
    sql.run(shop_sql());
    sql.run(
        "INSERT INTO customers (email, name) SELECT 'c' || n || '@example.com', 'n' FROM generate_series(1, "
        "500) n");
    sql.run("INSERT INTO orders (customer_id, total) SELECT 1 + n % 500, n FROM generate_series(1, 2000) n");
    sql.run("ANALYZE");
    write("shop.toml", "[resource.orders]\n[resource.customers]\n");
    write("mix.toml",
          "[[task]]\ndo = \"get\"\nresource = \"orders\"\nweight = 3\n[[task]]\ndo = \"create\"\nresource = "
          "\"orders\"\n");
    write("look.toml", "[[task]]\ndo = \"get\"\nresource = \"orders\"\n");
    before_ = state();
  }

  std::string file(const std::string& name) const { return (directory_.path() / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(file(name)) << text; }
  std::string url() const { return url_of(conninfo_); }
  /// Nobody has written to it.
  bool untouched() { return state() == before_; }

  std::vector<std::string> flags(const std::string& scenario) const {
    return {"--resources", file("shop.toml"), "--scenario", file(scenario), "--database-url", url()};
  }
  std::vector<std::string> quick(const std::string& scenario) const {
    return flags(scenario) + std::vector<std::string>{"--pool-size", "1,2",   "--users",   "4",
                                                      "--duration",  "150ms", "--warm-up", "20ms",
                                                      "--repeats",   "2",     "--out",     file("results")};
  }

 private:
  std::string state() {
    std::string all;
    for (const auto* table : {"customers", "orders"})
      all += sql.value(
                 std::string("SELECT count(*) || ' ' || sum(hashtextextended(t::text || t.xmin, 0)) FROM ") +
                 table + " t") +
             "\n";
    return all + sql.value("SELECT last_value FROM orders_id_seq");
  }

  const std::string conninfo_ = fresh_database();
  TemporaryDirectory directory_;
  std::string before_;

 public:
  SqlSession sql;
};

Finished run_it(std::vector<std::string> arguments) {
  return TroupeProcess({std::move(arguments)}).finish(sweep_patience);
}

}  // namespace

TEST_CASE("a sweep on a stranger's tables ends in words and a config that serve takes, and touches nothing") {
  Shop shop;
  const auto config = shop.file("best.toml");
  const auto ran = run_sweep(shop.quick("mix.toml") + std::vector<std::string>{"--write-config", config});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.out, Contains("copying \"") && Contains("2 tables with all of its rows") &&
                          Contains("\nRun pool_size=") && Contains("What limits it: ") &&
                          Contains("troupe serve --config " + config));
  CHECK(shop.untouched());
  CHECK(shop.sql.value(copies_sql) == "0");
  for (const auto& row : csv_rows(shop.file("results") + "/results.csv")) {
    CHECK(row.at("failed") == "0");
    CHECK(std::stod(row.at("rate_per_s")) > 0);
  }
  CHECK_THAT(std::string(json_of(shop.file("results") + "/environment.json").at("database").as_string()),
             Contains("a copy of \""));

  CHECK_THAT(content_of(config),
             Contains("# Run pool_size=") && Contains("pool_size = ") && !Contains("url ="));
  const auto taken = run_it({"serve", "--config", config, "--database-url", shop.url(), "--print-config"});
  INFO(taken.err);
  CHECK(taken.code == 0);
  CHECK_THAT(taken.out, Contains("# file " + config));
  ServerProcess server({"--config", config, "--database-url", shop.url()});
  CHECK(server.port() != 0);
}

TEST_CASE("what killed a sweep leaves its copy, which the next one tells of and copies --remove takes away") {
  Shop shop;
  auto long_one =
      shop.flags("mix.toml") +
      std::vector<std::string>{"--pool-size", "1",         "--users", "2",     "--duration",
                               "60s",         "--repeats", "1",       "--out", shop.file("killed")};
  TroupeProcess killed(sweep_launch(long_one));
  std::string used(copies_sql);
  used +=
      " AND datname LIKE '%\\_run' AND EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = "
      "pg_database.datname)";
  wait_until("the copy's run", [&] { return shop.sql.value(used) == "1"; });
  const auto in_use = run_it({"copies", "--database-url", shop.url(), "--remove"});
  CHECK_THAT(in_use.out, Contains("; in use") && !Contains("removed"));
  CHECK(shop.sql.value(copies_sql) == "2");
  killed.signal(SIGKILL);
  killed.finish();
  wait_until("its sessions' end", [&] {
    return shop.sql.value(
               "SELECT count(*) FROM pg_stat_activity WHERE starts_with(datname, 'troupe_copy_')") == "0";
  });

  const auto next = run_sweep(shop.quick("mix.toml"));
  INFO(next.out << next.err);
  CHECK(next.code == 0);
  CHECK_THAT(next.out, Contains("was left behind: troupe copies --remove removes it"));
  CHECK(shop.sql.value(copies_sql) == "2");  // nobody was asked
  const auto removed = run_it({"copies", "--database-url", shop.url(), "--remove"});
  INFO(removed.out << removed.err);
  CHECK(removed.code == 0);
  CHECK_THAT(removed.out, Contains("left behind; removed"));
  CHECK(shop.sql.value(copies_sql) == "0");
  CHECK_THAT(run_it({"copies", "--database-url", shop.url()}).out, Contains("There is no copy"));
  CHECK(shop.untouched());
}

TEST_CASE("Ctrl-C ends a sweep on a copy, and the copy with it; --resume goes on with another") {
  Shop shop;
  auto arguments = shop.quick("mix.toml");
  TroupeProcess process(
      sweep_launch(arguments + std::vector<std::string>{"--repeats", "6", "--sample", "50%"}));
  wait_until("a repeat", [&] { return process.out().find("1/12") != std::string::npos; });
  process.signal(SIGINT);
  const auto ended = process.finish(sweep_patience);
  INFO(ended.out << ended.err);
  CHECK(ended.code == 130);
  CHECK(shop.sql.value(copies_sql) == "0");
  const auto resumed = run_sweep({"--resume", shop.file("results"), "--database-url", shop.url()});
  INFO(resumed.out << resumed.err);
  CHECK(resumed.code == 0);
  CHECK_THAT(resumed.out, Contains("about 50 % of its rows") && Contains("12/12"));
  CHECK(shop.sql.value(copies_sql) == "0");
  CHECK(shop.untouched());
}

TEST_CASE("a scenario that only reads may run on the tables themselves, and no session there can write") {
  Shop shop;
  const auto ran = run_sweep(shop.quick("look.toml") + std::vector<std::string>{"--read-only"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, !Contains("copying") && Contains("\nRun pool_size="));
  CHECK(shop.untouched());
}

TEST_CASE("a simulation writes to a copy, or with --use-table to the tables") {
  Shop shop;
  const auto simulate = [&](std::vector<std::string> more) {
    auto arguments =
        std::vector<std::string>{"simulate", "--users", "4", "--duration", "300ms"} + shop.flags("mix.toml");
    return run_it(arguments + std::move(more));
  };
  const auto ran = simulate({"--sample", "20%"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("about 20 % of its rows"));
  CHECK(shop.untouched());
  CHECK(simulate({"--rows", "100"}).code == 0);
  CHECK(shop.untouched());
  CHECK(shop.sql.value(copies_sql) == "0");
  CHECK(simulate({"--use-table"}).code == 0);
  CHECK(std::stoi(shop.sql.value("SELECT count(*) FROM orders")) > 2000);
}

TEST_CASE("flags about copies that make no sense are one line, and make none") {
  Shop shop;
  shop.write("there.toml", "");
  const auto with = [&](std::vector<std::string> more, const std::string& scenario = "mix.toml") {
    return shop.quick(scenario) + std::move(more);
  };
  struct Row {
    std::vector<std::string> arguments;
    std::string words;
  };
  const Row rows[] = {
      {with({"--read-only"}), "this one writes"},
      {with({"--read-only", "--use-table"}, "look.toml"), "contradict"},
      {with({"--rows", "5", "--sample", "5"}), "leave out one"},
      {with({"--rows", "none"}), "--rows must be"},
      {with({"--sample", "0%"}), "--sample must be"},
      {with({"--use-table", "--sample", "5"}), "there is none"},
      {with({"--stand-in-database", "instant"}), "contradict"},
      {with({"--write-config", shop.file("there.toml")}), "is there already"},
      {with({"--write-config", shop.file("new.toml"), "--transport", "direct,http"}), "one answer"},
      {{"--resources", shop.file("shop.toml"), "--pool-size", "1,2"}, "--resources needs --database-url"},
      {{"--sample", "5", "--pool-size", "1,2"}, "they need --resources"},
      {{"--scenario", shop.file("mix.toml"), "--pool-size", "1,2"}, "needs --resources"},
  };
  for (const auto& [arguments, words] : rows) {
    const auto ran = run_sweep(arguments);
    INFO(words << "\n" << ran.out << ran.err);
    CHECK(ran.code == 2);
    CHECK(is_one_line(ran.err));
    CHECK_THAT(ran.err, Contains(words));
  }
  CHECK(shop.sql.value(copies_sql) == "0");
  CHECK(shop.untouched());
}
