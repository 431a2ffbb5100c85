#include "postgres/catalogue/resources.hpp"

#include <catch2/catch.hpp>
#include <future>

#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"
#include "schema/file/items_resource.hpp"
#include "schema/file/resource_file_text.hpp"

using namespace troupe;
using namespace troupe::postgres;
using namespace std::chrono_literals;
using Loaded = Result<std::vector<schema::Resource>>;

namespace {

Loaded load_items(const std::string& conninfo, const std::string& table, std::chrono::seconds timeout = 30s) {
  return load_resources(conninfo, timeout, {schema::ResourceFile{"", {schema::items_entry(table)}}});
}

Loaded load_file(const std::string& conninfo, const std::string& text) {
  const auto file = schema::parse_resource_file(text, "shop.toml");
  INFO((file ? "" : file.error().message));
  REQUIRE(file.has_value());
  return load_resources(conninfo, 30s, {*file});
}

/// One database for the table of each test case: dropped and made again per row.
const std::string& resources_database() {
  static const std::string conninfo = tests::fresh_database();
  return conninfo;
}

void make_items(const std::string& columns) {
  tests::SqlSession(resources_database())
      .run("DROP TABLE IF EXISTS items; CREATE TABLE items (" + columns + ")");
}

const schema::Resource& only(const Loaded& loaded) {
  INFO((loaded ? "" : loaded.error().message));
  REQUIRE(loaded.has_value());
  return loaded->at(0);
}

}  // namespace

TEST_CASE("a missing table of items is made, and found by the next start") {
  const auto conninfo = tests::fresh_database();
  for (int start = 0; start < 2; ++start) {
    const auto loaded = load_items(conninfo, "items");
    const auto& items = only(loaded);
    CHECK(items.table == R"("public"."items")");
    CHECK(items.lenient);
    CHECK(items.columns.size() == 5);
    tests::SqlSession(conninfo).run("INSERT INTO items (name, price) VALUES ('a', 1)");
  }
}

TEST_CASE("many processes may make the table at once") {
  const auto conninfo = tests::fresh_database();
  std::vector<std::future<Loaded>> starts;
  for (int i = 0; i < 16; ++i)
    starts.push_back(std::async(std::launch::async, [&] { return load_items(conninfo, "items"); }));
  for (auto& start : starts) CHECK_NOTHROW(only(start.get()));
}

TEST_CASE("table names are taken literally, whatever is in them") {
  tests::SqlSession(resources_database()).run("CREATE SCHEMA IF NOT EXISTS \"The \"\"Shop\"\"\"");
  const auto name =
      GENERATE(as<std::string>{}, "Order", "it's $troupe$ \"quoted\"; DROP", "The \"Shop\".items", "ünï");
  CAPTURE(name);
  for (int start = 0; start < 2; ++start) {
    const auto loaded = load_items(resources_database(), name);
    tests::SqlSession(resources_database())
        .run("INSERT INTO " + only(loaded).table + " (name, price) VALUES ('a', 1)");
  }
}

TEST_CASE("impossible table names and schemas are refused") {
  const auto name =
      GENERATE(as<std::string>{}, "", ".items", "items.", "a.b.c", std::string(64, 'x'), "nowhere.items");
  CAPTURE(name);
  const auto loaded = load_items(resources_database(), name);
  REQUIRE(loaded.has_error());
  CHECK(loaded.error().code == ErrorCode::invalid_argument);
  CHECK_THAT(loaded.error().message, Catch::Contains(name.substr(0, 7)));
}

TEST_CASE("tables that SQLAlchemy and Django make hold items") {
  struct Made {
    std::string columns;
    std::string price_type;
  };
  const auto made = GENERATE(
      Made{"id serial PRIMARY KEY, name varchar(100) NOT NULL, description varchar, price double precision "
           "NOT NULL, "
           "in_stock boolean",
           "double precision"},
      Made{"id serial UNIQUE, name varchar NOT NULL, description varchar(500), price float NOT NULL, "
           "in_stock boolean",
           "double precision"},
      Made{"id bigserial PRIMARY KEY, name varchar(100), description text, price numeric(10,2) NOT NULL, "
           "in_stock boolean NOT NULL",
           "numeric(10,2)"},
      Made{"id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name varchar(100) NOT NULL, description text "
           "NULL, "
           "price numeric NOT NULL, in_stock boolean NOT NULL, made timestamptz NOT NULL DEFAULT now(), note "
           "text",
           "numeric"});
  make_items(made.columns);
  const auto loaded = load_items(resources_database(), "items");
  const auto& items = only(loaded);
  CHECK(items.columns.size() == 5);
  CHECK(items.columns[3].type.declared == made.price_type);
  CHECK(items.key == std::vector<std::size_t>{0});
  CHECK_FALSE(items.client_key);
  CHECK(items.insertable().size() == 4);
  CHECK(items.columns[1].required());
  CHECK(items.columns[4].default_sql == "true");
}

TEST_CASE("a table that cannot hold items is refused by naming the column, what it is and what is allowed") {
  struct Bad {
    std::string columns;
    std::vector<std::string> said;
  };
  const std::string rest = ", description text, price float, in_stock boolean";
  const auto bad = GENERATE_COPY(
      Bad{"id uuid PRIMARY KEY, name text" + rest, {"column id is uuid", "bigint"}},
      Bad{"id bigint PRIMARY KEY, name text" + rest,
          {"column id is bigint not null without a default", "default"}},
      Bad{"id bigserial, name text" + rest, {"column id", "not unique"}},
      Bad{"id serial PRIMARY KEY" + rest, {"column name is missing", "varchar(100)"}},
      Bad{"id serial PRIMARY KEY, name varchar(50)" + rest,
          {"column name is character varying(50)", "varchar(100)"}},
      Bad{"id serial PRIMARY KEY, name varchar(100)[]" + rest, {"column name is character varying(100)[]"}},
      Bad{"id serial PRIMARY KEY, name char(100)" + rest, {"column name is character(100)"}},
      Bad{"id serial PRIMARY KEY, name text, description text NOT NULL, price float, in_stock boolean",
          {"column description is text not null", "nullable"}},
      Bad{"id serial PRIMARY KEY, name text, description text, price real, in_stock boolean",
          {"column price is real", "double precision or numeric"}},
      Bad{"id serial PRIMARY KEY, name text, description text, price float, in_stock int",
          {"column in_stock is integer", "boolean"}},
      Bad{"id serial PRIMARY KEY, name text, owner int NOT NULL" + rest,
          {"column owner is integer not null"}},
      Bad{"id serial PRIMARY KEY, name text, description text, in_stock boolean, price float GENERATED "
          "ALWAYS AS (1) STORED",
          {"column price", "generated"}});
  make_items(bad.columns);
  const auto loaded = load_items(resources_database(), "items");
  REQUIRE(loaded.has_error());
  CHECK(loaded.error().code == ErrorCode::invalid_argument);
  for (const auto& said : bad.said) CHECK_THAT(loaded.error().message, Catch::Contains(said));
}

TEST_CASE("a view is no table for items") {
  tests::SqlSession(resources_database()).run("CREATE OR REPLACE VIEW seen AS SELECT 1 AS id");
  const auto loaded = load_items(resources_database(), "seen");
  REQUIRE(loaded.has_error());
  CHECK_THAT(loaded.error().message, Catch::Contains("not a table"));
}

TEST_CASE("a user who may use the table but make none can start") {
  const auto conninfo = tests::fresh_database();
  only(load_items(conninfo, "items"));
  tests::SqlSession(conninfo).run(
      "DO $$BEGIN CREATE ROLE clerk LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$; "
      "GRANT SELECT, INSERT, UPDATE, DELETE ON items TO clerk");
  CHECK(load_items(conninfo + " user=clerk", "items").has_value());
  const auto other = load_items(conninfo + " user=clerk", "others");
  REQUIRE(other.has_error());
  CHECK_THAT(other.error().message, Catch::Contains("permission denied"));
}

TEST_CASE("preparing the table gives up in time when somebody holds it locked") {
  const auto conninfo = tests::fresh_database();
  tests::SqlSession holder(conninfo);
  holder.run("SELECT pg_advisory_lock(8391171123574124403)");
  const auto loaded = load_items(conninfo, "items", 1s);
  REQUIRE(loaded.has_error());
  CHECK(loaded.error().code == ErrorCode::timed_out);
}

TEST_CASE("the printed resource file, read again, gives the same resources") {
  const auto conninfo = tests::fresh_database();
  tests::SqlSession(conninfo).run(R"(
    CREATE TYPE mood AS ENUM ('a"b', 'c');
    CREATE TABLE "Order Lines" (a int, b text, m mood, total numeric(10,2) NOT NULL DEFAULT 0, PRIMARY KEY (a, b));
    CREATE TABLE "ünï" (id serial PRIMARY KEY, note varchar(5) UNIQUE, "line
break" int);
    COMMENT ON TABLE "ünï" IS E'two\nlines';
    CREATE TABLE customers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), referrer uuid REFERENCES customers))");
  const auto all = load_resources(conninfo, 30s, {});
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 3);
  const auto text = schema::resource_file_text(*all);
  INFO(text);
  auto again = load_file(conninfo, text);
  INFO((again ? "" : again.error().message));
  REQUIRE(again.has_value());
  REQUIRE(again->size() == all->size());
  for (std::size_t i = 0; i < all->size(); ++i) {
    const auto &one = (*all)[i], &other = (*again)[i];
    CAPTURE(one.name);
    CHECK(one.name == other.name);
    CHECK(one.path == other.path);
    CHECK(one.table == other.table);
    CHECK(one.singular == other.singular);
    CHECK(one.key == other.key);
    CHECK(one.client_key == other.client_key);
    CHECK(one.insertable() == other.insertable());
    CHECK(one.constraints.size() == other.constraints.size());
    REQUIRE(one.columns.size() == other.columns.size());
    for (std::size_t c = 0; c < one.columns.size(); ++c) CHECK(one.columns[c].name == other.columns[c].name);
  }
  CHECK_THAT(text, Catch::Contains("references customers"));
  CHECK_THAT(text, Catch::Contains(R"(of ['a"b', "c"])"));
}

TEST_CASE("every suggestion of the printed resource file can be taken") {
  const auto conninfo = tests::fresh_database();
  tests::SqlSession(conninfo).run(
      "CREATE TABLE films (id int PRIMARY KEY, title text, rate numeric, last int)");
  auto text = schema::resource_file_text(*load_resources(conninfo, 30s, {}));
  for (std::size_t at = text.find("\n# "); at != std::string::npos; at = text.find("\n# ", at)) {
    const bool prose = text[at + 3] >= 'A' && text[at + 3] <= 'Z';
    const bool column = text[at + 3] == ' ';
    if (prose || column)
      ++at;
    else
      text.erase(at + 1, 2);
  }
  INFO(text);
  const auto loaded = load_file(conninfo, text);
  const auto& films = only(loaded);
  CHECK_FALSE(films.find("last"));
  CHECK(films.columns.at(1).rules.pattern);
}

TEST_CASE("what a file names wrongly is one line with file, line and what there is") {
  const auto conninfo = tests::fresh_database();
  tests::SqlSession(conninfo).run(
      "CREATE TABLE orders (id int PRIMARY KEY, a int); CREATE VIEW seen AS TABLE orders");
  struct Fault {
    std::string text, said;
  };
  const auto fault = GENERATE(
      Fault{"[resource.ordres]",
            "shop.toml:1: resource \"ordres\": there is no table \"ordres\"; did you mean orders?"},
      Fault{"[resource.x]\ntable = \"films\"", "there is no table \"films\"; there is orders or seen"},
      Fault{"[resource.orders]\nkey = [\"a\"]",
            "shop.toml:2: resource \"orders\": key: \"public\".\"orders\" has no"},
      Fault{"[resource.seen]\nmethods = [\"read\"]",
            "shop.toml:2: resource \"seen\": methods cannot name read"});
  const auto loaded = load_file(conninfo, fault.text);
  REQUIRE(loaded.has_error());
  CHECK_THAT(loaded.error().message, Catch::Contains(fault.said));
}

TEST_CASE("a view is served with the key that the file declares") {
  const auto conninfo = tests::fresh_database();
  tests::SqlSession(conninfo).run(
      "CREATE TABLE orders (id int PRIMARY KEY, a int); CREATE VIEW seen AS TABLE orders");
  const auto loaded = load_file(conninfo, "[resource.seen]\nkey = [\"id\"]");
  const auto& seen = only(loaded);
  CHECK(seen.methods.read);
  CHECK(seen.methods.change);
  CHECK_FALSE(seen.client_key);
  CHECK_FALSE(seen.has_xmin);
}
