#include "postgres/queries/load_queries.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "helpers/shared_cluster.hpp"
#include "helpers/shop.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe;
using namespace troupe::postgres;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const std::string& queries_database() {
  static const std::string conninfo = [] {
    auto made = tests::fresh_database();
    tests::SqlSession sql(made);
    sql.run(tests::shop_sql() + R"(;
      CREATE VIEW dice AS SELECT random() AS throw;
      CREATE VIEW games AS SELECT throw FROM dice;
      CREATE VIEW plain AS SELECT id, total FROM orders;
      CREATE FUNCTION unmarked(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
      CREATE OPERATOR |+| (leftarg = int, rightarg = int, function = int4pl);
      CREATE FUNCTION noisy(int, int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT $1';
      CREATE OPERATOR |~| (leftarg = int, rightarg = int, function = noisy);
      CREATE AGGREGATE noisy_sum(int) (sfunc = noisy, stype = int);
      CREATE TABLE guarded (id int PRIMARY KEY);
      ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
      CREATE POLICY few ON guarded USING (unmarked(id) > 0))");
    tests::make_clerk(sql, "query_clerk");
    return made;
  }();
  return conninfo;
}

Result<std::vector<LoadedQuery>> load(const std::string& toml, const std::string& user = "query_clerk") {
  auto session = BlockingSession::open(queries_database() + " user=" + user, 30s).value();
  auto file = schema::parse_resource_file(toml, "shop.toml");
  if (!file) return file.error();
  return load_queries(session, *file);
}

std::string quoted(const std::string& sql) {
  return "sql = '''" + sql + "'''\n";
}

LoadedQuery load_one(const std::string& sql, const std::string& more = {}) {
  return load("[query.q]\n" + quoted(sql) + more).value().front();
}

/// "a int8, b text": names and types.
std::string columns_of(const schema::Resource& resource) {
  std::string text;
  for (const auto& column : resource.columns)
    text += (text.empty() ? "" : ", ") + column.name + ' ' + column.type.declared;
  return text;
}

}  // namespace

TEST_CASE("PostgreSQL tells the types of a query's parameters and columns", "[postgres]") {
  const auto loaded = load_one(
      "SELECT o.id, status, total, placed_at, array_agg(l.title) AS titles FROM orders o JOIN order_lines l "
      "ON l.order_id = o.id WHERE customer_id = :customer AND status = :status AND placed_at >= :since GROUP "
      "BY o.id",
      "params.since = { type = 'date', default = '2026-01-01' }\nparams.status.optional = true\n");
  CHECK(columns_of(loaded.query.rows) ==
        "id bigint, status order_status, total numeric(10,2), placed_at timestamp with time zone, titles "
        "text[]");
  CHECK(columns_of(loaded.query.parameters) == "customer bigint, status order_status, since date");
  CHECK(loaded.query.parameters.columns[1].type.labels == std::vector<std::string>{"open", "paid", "sent"});
  CHECK(loaded.query.defaults[0].empty());
  CHECK(loaded.query.defaults[1] == std::string(4, '\xFF'));
  CHECK(loaded.query.defaults[2] == std::string("\0\0\0\x0A", 4) + "2026-01-01");
}

TEST_CASE("what is wrong with a query is told in one line, with PostgreSQL's own position", "[postgres]") {
  const auto [toml, expected] = GENERATE(table<std::string, std::string>({
      {quoted("SELECT nope\n  FROM orders WHERE id = :id"),
       "shop.toml:1: query \"q\": column \"nope\" does not exist (SQLSTATE 42703), at line 1, character 8 of "
       "its sql"},
      {quoted("SELECT :long_name::int,\n  'é', lost FROM orders"),
       "shop.toml:1: query \"q\": column \"lost\" does not exist (SQLSTATE 42703), at line 2, character 8 of "
       "its sql"},
      {quoted("SELEKT 1"),
       "shop.toml:1: query \"q\": syntax error at or near \"SELEKT\" (SQLSTATE 42601), at line 1, character "
       "1 of its sql"},
      {quoted("SELECT 'x"),
       "shop.toml:2: query.q.sql: the string that begins here has no closing quote (line 1, character 8 of "
       "its sql)"},
      {quoted("SELECT 1 AS a, 2 AS a"),
       "shop.toml:1: query \"q\": two of its columns are called \"a\": name them with AS"},
      {quoted("INSERT INTO no_key VALUES (1, 'x') RETURNING a"),
       "shop.toml:1: query \"q\": it is no SELECT that can stand in FROM (…): syntax error at or near "
       "\"INTO\"; a statement that writes says write = true"},
      {quoted("SELECT id FROM orders FOR UPDATE"),
       "shop.toml:1: query \"q\": it locks rows, which is for what writes: write = true"},
      {quoted("UPDATE no_key SET a = 1"),
       "shop.toml:1: query \"q\": it gives no columns: a statement that only writes says write = true, "
       "without one"},
      {quoted("SELECT :a::int AS x") + "params.a.default = 'x'\n",
       "shop.toml:3: query \"q\": params.a: its default must be an integer"},
      {quoted("SELECT :a::int AS x") + "params.a.type = 'nothing'\n",
       "shop.toml:3: query \"q\": params.a: type \"nothing\" does not exist"},
      {quoted("SELECT :since::int AS x") + "params.sinse = {}\n",
       "shop.toml:3: query.q.params.sinse: there is no :sinse in its sql; did you mean since?"},
      {quoted("SELECT count(:a::int) AS n FROM orders") + "coalesce = 'always'\n",
       "shop.toml:1: query \"q\": coalesce = \"always\", but it cannot be: aggregate functions are not "
       "allowed in FROM clause of their own query level"},
      {quoted("SELECT 1 AS x") + "write = true\ncoalesce = 'always'\n",
       "shop.toml:4: query.q.coalesce: does not go with write = true: each write is a statement of its own"},
      {"path = '/x'\n", "shop.toml:1: query.q.sql: is missing"},
  }));
  const auto loaded = load("[query.q]\n" + toml);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().code == ErrorCode::invalid_argument);
  CHECK(loaded.error().message == expected);
}

TEST_CASE("calls share a statement only where nothing that is volatile has a name of the statement's",
          "[postgres]") {
  const auto [sql, why_not] = GENERATE(table<std::string, std::string>({
      {"SELECT id FROM orders WHERE id = :id", ""},
      {"SELECT now() AS at, :x::int AS x", ""},
      {"SELECT sum(total) OVER (ORDER BY id) AS s FROM orders WHERE customer_id = :c", ""},
      {"WITH a AS (SELECT :x::int AS x) SELECT x FROM a", ""},
      {"SELECT n FROM generate_series(1, :n) n", ""},
      {"SELECT :a |+| :b AS c", ""},
      {"SELECT id FROM plain WHERE id = :id", ""},
      {"SELECT substring(note for 3) AS s FROM orders WHERE id = :id", ""},
      {"SELECT 1 AS one", ""},
      {"SELECT random() AS r, :x::int AS x", "it calls random, and a function of this name is volatile"},
      {"SELECT \"random\"() AS r, :x::int AS x", "it calls random, and a function of this name is volatile"},
      {"SELECT unmarked(:x) AS x", "it calls unmarked, and a function of this name is volatile"},
      {"SELECT throw FROM games WHERE throw > :x",
       "it calls random, and a function of this name is volatile"},
      {"SELECT id FROM guarded WHERE id = :x", "it calls unmarked, and a function of this name is volatile"},
      {"SELECT noisy_sum(:x::int + id::int) AS s FROM orders",
       "it calls noisy_sum, and an aggregate of this name has a volatile function"},
      {"SELECT :a |~| :b AS c", "it uses |~|, and an operator of this name is volatile"},
      {"SELECT count(:x::int) AS n FROM orders",
       "PostgreSQL does not take it with the parameters of many calls: aggregate functions are not allowed "
       "in FROM clause of their own query level"},
  }));
  const auto loaded = load_one(sql);
  CAPTURE(sql);
  CHECK(loaded.query.why_not == why_not);
  CHECK(loaded.query.coalesced == why_not.empty());
  CHECK(loaded.many_sql.empty() == (!why_not.empty() || loaded.query.parameters.columns.empty()));
}

TEST_CASE("whoever wants to coalesce, or not, is heard", "[postgres]") {
  CHECK(load_one("SELECT random() AS r, :x::int AS x", "coalesce = 'always'\n").query.coalesced);
  CHECK_FALSE(load_one("SELECT random() AS r, :x::int AS x", "coalesce = 'always'\n").query.proven_read_only);
  const auto never = load_one("SELECT :x::int AS x", "coalesce = 'never'\n").query;
  CHECK_FALSE(never.coalesced);
  CHECK(never.why_not == "coalesce = \"never\"");
  CHECK(never.proven_read_only);
}

TEST_CASE("a superuser's queries are refused", "[postgres]") {
  const auto owner = tests::SqlSession(queries_database()).value("SELECT current_user");
  const auto loaded = load("[query.q]\nsql = 'SELECT 1 AS x'\n", owner);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().message ==
        "shop.toml:1: queries are not run as a superuser, who may read the server's files: connect as "
        "another user");
}
