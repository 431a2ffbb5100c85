#include <catch2/catch.hpp>
#include <future>

#include "helpers/shared_cluster.hpp"
#include "postgres/item_table.hpp"
#include "postgres/wire/blocking_session.hpp"

using namespace troupe;
using namespace troupe::postgres;
using namespace std::chrono_literals;

namespace {

constexpr int timeout_s = 30;

void run(const std::string& conninfo, const std::string& sql) {
  auto session = BlockingSession::open(conninfo, std::chrono::seconds{timeout_s}).value();
  const auto outcome = session.run(sql).value();
  if (const auto* error = std::get_if<StatementError>(&outcome)) FAIL(error->message);
}

/// One database for the table of each test case: dropped and made again per row.
const std::string& database() {
  static const std::string conninfo = tests::fresh_database();
  return conninfo;
}

void make_items(const std::string& columns) {
  run(database(), "DROP TABLE IF EXISTS items");
  run(database(), "CREATE TABLE items (" + columns + ")");
}

}  // namespace

TEST_CASE("a missing table is made, and found by the next start") {
  const auto conninfo = tests::fresh_database();
  for (int start = 0; start < 2; ++start) {
    const auto table = prepare_item_table(conninfo, "items", timeout_s);
    REQUIRE(table.has_value());
    CHECK(table->quoted_name == "\"items\"");
    CHECK(table->price_type == "double precision");
    run(conninfo, "INSERT INTO items (name, price) VALUES ('a', 1)");
  }
}

TEST_CASE("many processes may make the table at once") {
  const auto conninfo = tests::fresh_database();
  std::vector<std::future<Result<ItemTable>>> starts;
  for (int i = 0; i < 16; ++i)
    starts.push_back(
        std::async(std::launch::async, [&] { return prepare_item_table(conninfo, "items", timeout_s); }));
  for (auto& start : starts) {
    const auto table = start.get();
    INFO((table ? "" : table.error().message));
    CHECK(table.has_value());
  }
}

TEST_CASE("table names are taken literally, whatever is in them") {
  run(database(), "CREATE SCHEMA IF NOT EXISTS \"The \"\"Shop\"\"\"");
  const auto name =
      GENERATE(as<std::string>{}, "Order", "it's $troupe$ \"quoted\"; DROP", "The \"Shop\".items", "ünï");
  CAPTURE(name);
  for (int start = 0; start < 2; ++start) {
    const auto table = prepare_item_table(database(), name, timeout_s);
    INFO((table ? "" : table.error().message));
    REQUIRE(table.has_value());
    run(database(), "INSERT INTO " + table->quoted_name + " (name, price) VALUES ('a', 1)");
  }
}

TEST_CASE("impossible table names are refused") {
  const auto name = GENERATE(as<std::string>{}, "", ".items", "items.", "a.b.c", std::string(64, 'x'));
  CAPTURE(name);
  const auto table = prepare_item_table(database(), name, timeout_s);
  REQUIRE(table.has_error());
  CHECK(table.error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a schema that does not exist is an error that names it") {
  const auto table = prepare_item_table(database(), "nowhere.items", timeout_s);
  REQUIRE(table.has_error());
  CHECK_THAT(table.error().message, Catch::Contains("nowhere"));
}

TEST_CASE("tables that SQLAlchemy and Django make hold items") {
  struct Made {
    std::string columns;
    std::string price_type;
  };
  const auto made = GENERATE(Made{"id serial PRIMARY KEY, name varchar(100) NOT NULL, description varchar, "
                                  "price double precision NOT NULL, "
                                  "in_stock boolean",
                                  "double precision"},
                             Made{"id serial PRIMARY KEY, name varchar NOT NULL, description varchar(500), "
                                  "price float NOT NULL, in_stock boolean",
                                  "double precision"},
                             Made{"id bigserial PRIMARY KEY, name varchar(100) NOT NULL, description text, "
                                  "price numeric(10,2) NOT NULL, "
                                  "in_stock boolean NOT NULL",
                                  "numeric(10,2)"},
                             Made{"id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name varchar(100) NOT "
                                  "NULL, description text NULL, "
                                  "price numeric NOT NULL, in_stock boolean NOT NULL, made timestamptz NOT "
                                  "NULL DEFAULT now(), note text",
                                  "numeric"});
  make_items(made.columns);
  const auto table = prepare_item_table(database(), "items", timeout_s);
  INFO((table ? "" : table.error().message));
  REQUIRE(table.has_value());
  CHECK(table->price_type == made.price_type);
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
  const auto table = prepare_item_table(database(), "items", timeout_s);
  REQUIRE(table.has_error());
  CHECK(table.error().code == ErrorCode::invalid_argument);
  for (const auto& said : bad.said) CHECK_THAT(table.error().message, Catch::Contains(said));
}

TEST_CASE("a view is no table for items") {
  run(database(), "DROP VIEW IF EXISTS seen");
  run(database(), "CREATE VIEW seen AS SELECT 1 AS id");
  const auto table = prepare_item_table(database(), "seen", timeout_s);
  REQUIRE(table.has_error());
  CHECK_THAT(table.error().message, Catch::Contains("not a table"));
}

TEST_CASE("a user who may use the table but make none can start") {
  const auto conninfo = tests::fresh_database();
  prepare_item_table(conninfo, "items", timeout_s).value();
  run(conninfo, "DO $$BEGIN CREATE ROLE clerk LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$");
  run(conninfo, "GRANT SELECT, INSERT, UPDATE, DELETE ON items TO clerk");
  CHECK(prepare_item_table(conninfo + " user=clerk", "items", timeout_s).has_value());
  const auto other = prepare_item_table(conninfo + " user=clerk", "others", timeout_s);
  REQUIRE(other.has_error());
  CHECK_THAT(other.error().message, Catch::Contains("permission denied"));
}

TEST_CASE("preparing the table gives up in time when somebody holds it locked") {
  const auto conninfo = tests::fresh_database();
  auto holder = BlockingSession::open(conninfo, 30s).value();
  holder.run("SELECT pg_advisory_lock(8391171123574124403)").value();
  const auto begin = std::chrono::steady_clock::now();
  const auto table = prepare_item_table(conninfo, "items", 1);
  REQUIRE(table.has_error());
  CHECK(table.error().code == ErrorCode::timed_out);
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
}
