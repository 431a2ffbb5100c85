// Copies of somebody's tables: that they are what the original is, and that the original stays as it was.
#include "postgres/copy/database_copy.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "helpers/eventually.hpp"
#include "helpers/nasty_tables.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/shop.hpp"
#include "helpers/sql_session.hpp"
#include "postgres/copy/copy_marks.hpp"

using namespace troupe;
using namespace troupe::postgres;
using Catch::Contains;
using tests::SqlSession;

namespace {

const std::vector<std::string> nasty_tables{"marks", "self", "fast", "\"no columns\""};

/// A database with these tables, for tests that only read it.
std::string original_of(const std::string& sql) {
  auto conninfo = tests::fresh_database();
  SqlSession session(conninfo);
  session.run(sql);
  session.run("ANALYZE");
  return conninfo;
}

const std::string& nasty() {
  static const auto conninfo = original_of(tests::nasty_tables_sql());
  return conninfo;
}

/// All that makes a schema, as PostgreSQL tells it, one line each.
std::set<std::string> schema_of(const std::string& conninfo) {
  SqlSession session(conninfo);
  session.run("SET search_path = ''");
  std::set<std::string> lines;
  const auto rows = session.run(R"(
    WITH own AS (SELECT c.* FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema')
    SELECT format('%s %s %s %s %s', c.oid::regclass, c.relkind, c.relpersistence, c.reloptions, obj_description(c.oid, 'pg_class')) FROM own c
    UNION ALL
    SELECT format('%s.%I #%s %s %s %s %s %s %s', c.oid::regclass, a.attname, (SELECT count(*) FROM pg_attribute b
             WHERE b.attrelid = a.attrelid AND b.attnum > 0 AND b.attnum < a.attnum AND NOT b.attisdropped),
             format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid),
             a.attcollation::regcollation) || coalesce(col_description(c.oid, a.attnum), '')
    FROM own c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'c')
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    UNION ALL
    SELECT format('%s %I %s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid), c.contypid::regtype)
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    UNION ALL
    SELECT pg_get_indexdef(c.oid) || pg_get_expr(c.relpartbound, c.oid) FROM own c WHERE c.relkind IN ('i', 'I')
    UNION ALL
    SELECT format('%s in %s %s', c.oid::regclass, i.inhparent::regclass, pg_get_expr(c.relpartbound, c.oid))
    FROM own c JOIN pg_inherits i ON i.inhrelid = c.oid
    UNION ALL
    SELECT format('%s %s %s %s %s %s %s %s', s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
                  s.seqcache, s.seqcycle) FROM pg_sequence s
    UNION ALL
    SELECT format('%s %s %s %s %s %s', t.oid::regtype, t.typtype, t.typnotnull, t.typdefault, format_type(t.typbasetype, t.typtypmod),
                  (SELECT string_agg(e.enumlabel, '|' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype
    UNION ALL
    SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext)");
  for (const auto& row : rows) lines.insert(row.at(0));
  return lines;
}

/// Every row of every table with the transaction that wrote it, as one figure per table, and the databases.
std::string state_of(const std::string& conninfo) {
  SqlSession session(conninfo);
  std::string state;
  for (const auto& row : session.run(
           "SELECT format('SELECT %L || count(*) || coalesce(sum(hashtextextended(t::text || '' '' || "
           "t.xmin, 0)), 0) FROM %s t', c.oid::regclass, c.oid::regclass) FROM pg_class c JOIN "
           "pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> "
           "'information_schema' WHERE c.relkind = 'r' ORDER BY 1"))
    state += session.value(row.at(0)) + "\n";
  for (const auto& row :
       session.run("SELECT seqrelid::regclass, pg_sequence_last_value(seqrelid) FROM pg_sequence ORDER BY 1"))
    state += row.at(0) + row.at(1) + "\n";
  return state;
}

std::size_t copies_on_the_server() {
  return std::stoul(
      SqlSession(tests::shared_cluster().superuser_conninfo())
          .value("SELECT count(*) FROM pg_database WHERE starts_with(datname, 'troupe_copy_')"));
}

DatabaseCopy copy_of(const std::string& conninfo, CopyOptions options) {
  auto copy = DatabaseCopy::make(conninfo, std::move(options));
  INFO((copy ? "" : copy.error().message));
  REQUIRE(copy.has_value());
  return *std::move(copy);
}

std::string count(const std::string& conninfo, const std::string& table) {
  return SqlSession(conninfo).value("SELECT count(*) FROM " + table);
}

}  // namespace

TEST_CASE("a copy has the schema and all rows of the most awkward tables, and the original is only read") {
  const auto before = state_of(nasty());
  {
    // Rows as they come by COPY: the default sample is more than there are.
    const auto copy = copy_of(nasty(), {.tables = nasty_tables});
    CHECK(schema_of(copy.conninfo()) == schema_of(nasty()));
    for (const auto* table :
         {"marks", "self", "events", "\"App Ten\".person", "\"App Ten\".\"Tenant\"", "fast"}) {
      INFO(table);
      const std::string rows =
          std::string("SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM ") + table + " t";
      CHECK(SqlSession(copy.conninfo()).value(rows) == SqlSession(nasty()).value(rows));
    }
    SqlSession session(copy.conninfo());
    session.run("INSERT INTO events (at, region) VALUES (now(), 'eu')");  // its sequence goes on
    CHECK(session.value("SELECT max(id) FROM events") == "9001");
    CHECK_THROWS_WITH(session.run("INSERT INTO self (up) VALUES (gen_random_uuid())"),
                      Contains("foreign key"));
  }
  CHECK(state_of(nasty()) == before);
  CHECK(copies_on_the_server() == 0);
}

TEST_CASE("a copy of a part of a shop has that part, and says what it leaves out") {
  const auto shop = original_of(tests::shop_sql());
  SqlSession(shop).run(
      "CREATE TABLE audit (id int PRIMARY KEY, who text); INSERT INTO audit VALUES (1, 'me'); "
      "ALTER DATABASE " +
      SqlSession(shop).value("SELECT current_database()") + " SET work_mem = '5MB'");
  std::vector<std::string> told;
  const auto copy =
      copy_of(shop, {.tables = {"order_lines", "swallowed", "\"Quoted Table\"", "events", "labels", "films"},
                     .tell = [&](const std::string& line) { told.push_back(line); }});
  REQUIRE(told.size() == 2);
  CHECK_THAT(told[0], Contains("8 tables with all of its rows"));
  CHECK_THAT(told[1], Contains("without triggers of public.swallowed"));
  SqlSession session(copy.conninfo());
  CHECK(session.value("SELECT to_regclass('audit')") == "NULL");
  CHECK(session.value("SELECT to_regclass('customers')") == "customers");  // orders refer to them
  CHECK(session.value("SHOW work_mem") == "5MB");
  auto left = schema_of(shop);
  for (const auto& line : schema_of(copy.conninfo())) {
    INFO(line);
    CHECK(left.erase(line) == 1);
  }
  for (const auto& line : left) {
    INFO(line);
    CHECK((line.find("audit") != std::string::npos || line.find("no_key") != std::string::npos));
  }
}

TEST_CASE("a sample keeps what belongs together, and no key leads nowhere") {
  const auto shop = original_of(tests::shop_sql() + R"(
    INSERT INTO customers (email, name) SELECT 'c' || n, 'n' FROM generate_series(1, 4000) n;
    INSERT INTO orders (customer_id, total) SELECT 1 + n % 4000, 1 FROM generate_series(1, 20000) n;
    INSERT INTO order_lines (order_id, number, title, price) SELECT 1 + n % 20000, n / 20000, 't', 1 FROM generate_series(0, 59999) n;
    INSERT INTO films (code, title) SELECT 'few' || n, 't' FROM generate_series(1, 300) n;)");
  const auto copy = copy_of(shop, {.tables = {"order_lines", "films"}, .amount = *read_sample("6000")});
  SqlSession session(copy.conninfo());
  const auto number = [&](const std::string& sql) { return std::stod(session.value(sql)); };
  CHECK(number("SELECT count(*) FROM order_lines") == Approx(6000).epsilon(0.2));
  CHECK(number("SELECT count(*) FROM customers") == Approx(400).epsilon(0.2));
  CHECK(number("SELECT count(*) FROM films") == 300);  // small tables are whole
  // Every customer kept all five orders, and every order all three lines.
  CHECK(number("SELECT count(*) FROM orders GROUP BY customer_id ORDER BY 1 LIMIT 1") == 5);
  CHECK(number("SELECT count(*) FROM order_lines GROUP BY order_id ORDER BY 1 LIMIT 1") == 3);
  CHECK(number("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated") == 2);
}

TEST_CASE("a sample of keys that run in circles has every row that it refers to") {
  const auto copy = copy_of(nasty(), {.tables = nasty_tables, .amount = *read_sample("5%")});
  SqlSession session(copy.conninfo());
  CHECK(schema_of(copy.conninfo()) ==
        schema_of(nasty()));  // the foreign keys hold, or they could not be there
  const auto rows = std::stoi(session.value("SELECT count(*) FROM marks"));
  CHECK((rows > 0 && rows < 4000));
  CHECK(std::stoi(session.value("SELECT count(*) FROM \"App Ten\".person")) < 8000);
}

TEST_CASE(
    "an idle original is copied whole by PostgreSQL, with its triggers; a busy one table by table, without") {
  const auto shop = original_of(tests::shop_sql());
  const std::string triggers = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal";
  const CopyOptions whole{.tables = {"swallowed"}, .amount = *read_sample("all")};
  CHECK(SqlSession(copy_of(shop, whole).conninfo()).value(triggers) == "1");
  std::vector<std::string> told;
  auto telling = whole;
  telling.tell = [&](const std::string& line) { told.push_back(line); };
  const SqlSession busy(shop);
  CHECK(SqlSession(copy_of(shop, telling).conninfo()).value(triggers) == "0");
  REQUIRE(told.size() == 3);
  CHECK_THAT(told[1], Contains("others are using the original"));
}

TEST_CASE("a reset makes the copy what it was at first, at the same address") {
  auto copy = copy_of(nasty(), {.tables = nasty_tables, .restorable = true});
  const auto address = copy.conninfo();
  for (int round = 0; round < 2; ++round) {
    CHECK(count(address, "marks") == "9000");
    SqlSession(address).run(
        "DELETE FROM marks; INSERT INTO fast VALUES (500); ALTER TABLE self ADD more int");
    REQUIRE(copy.reset().has_value());
    CHECK(copy.conninfo() == address);
  }
  CHECK(count(address, "fast") == "100");
  CHECK(schema_of(address) == schema_of(nasty()));
  CHECK(copy.remove().has_value());
  CHECK(copies_on_the_server() == 0);
}

TEST_CASE("made-up rows hold what the tables' keys and checks ask for") {
  const auto copy =
      copy_of(nasty(), {.tables = nasty_tables, .amount = {CopyAmount::Kind::generated, 2000, 1}});
  SqlSession session(copy.conninfo());
  CHECK(schema_of(copy.conninfo()) == schema_of(nasty()));
  for (const auto* table : {"\"App Ten\".\"Tenant\"", "\"App Ten\".person", "events", "marks", "self"})
    CHECK(count(copy.conninfo(), table) == "2000");
  CHECK(session.value("SELECT count(DISTINCT mood) FROM \"App Ten\".\"Tenant\"") == "3");
  CHECK(session.value("SELECT count(DISTINCT kind) FROM \"App Ten\".person") == "2");
  CHECK(session.value(
            "SELECT min(\"Mixed Case\") >= 5 AND max(\"Mixed Case\") <= 90 FROM \"App Ten\".person") == "t");
  session.run("INSERT INTO events (at, region) VALUES (now(), 'eu')");  // behind the made-up ones
  CHECK(session.value("SELECT max(id) FROM events") == "2001");
}

TEST_CASE("made-up rows are the same for the same seed, and a table without a possible row is named") {
  const auto shop = original_of(tests::shop_sql());
  const auto sum = [&](std::uint64_t seed) {
    const auto copy = copy_of(
        shop, {.tables = {"order_lines"}, .amount = {CopyAmount::Kind::generated, 500, 1}, .seed = seed});
    return SqlSession(copy.conninfo()).value("SELECT sum(hashtextextended(t::text, 0)) FROM order_lines t");
  };
  CHECK(sum(1) == sum(1));
  CHECK(sum(1) != sum(2));
  const auto none =
      DatabaseCopy::make(shop, {.tables = {"events"}, .amount = {CopyAmount::Kind::generated, 500, 1}});
  REQUIRE_FALSE(none.has_value());
  CHECK_THAT(none.error().message, Contains("cannot make up rows for public.events") && Contains("--sample"));
  CHECK(copies_on_the_server() == 0);
}

TEST_CASE("what cannot be copied is one line, and leaves nothing behind") {
  const auto shop = original_of(tests::shop_sql() + R"(
    CREATE VIEW seen AS SELECT * FROM films;
    DO $$BEGIN CREATE ROLE copy_clerk LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$;
    GRANT SELECT ON films TO copy_clerk;)");
  struct Row {
    std::string user, table, words;
  };
  const Row rows[] = {{"postgres", "seen", "is no table but a view"},
                      {"postgres", "nowhere", "nowhere"},
                      {"copy_clerk", "films", "ALTER ROLE \"copy_clerk\" CREATEDB"},
                      {"copy_clerk", "customers", "may not read all of its columns"}};
  for (const auto& [user, table, words] : rows) {
    const auto copy = DatabaseCopy::make(shop + " user=" + user, {.tables = {table}});
    INFO(table);
    REQUIRE_FALSE(copy.has_value());
    CHECK(copy.error().code == ErrorCode::invalid_argument);
    CHECK_THAT(copy.error().message, Contains(words) && !Contains("\n"));
  }
  CHECK(copies_on_the_server() == 0);
}

TEST_CASE("who gives up gets no copy, and the half of it is gone") {
  int looks = 0;
  const auto copy =
      DatabaseCopy::make(nasty(), {.tables = nasty_tables, .give_up = [&] { return ++looks > 60; }});
  REQUIRE_FALSE(copy.has_value());
  CHECK(copy.error().code == ErrorCode::timed_out);
  CHECK(looks > 60);
  CHECK(copies_on_the_server() == 0);
}

TEST_CASE("a copy is known by its mark and its maker, and nothing else is ever removed") {
  const auto shop = original_of(tests::shop_sql());
  auto session = CopySession::open(shop, std::chrono::seconds(30), [] { return false; }).value();
  SqlSession(shop).run("CREATE DATABASE troupe_copy_of_mine");
  SqlSession(shop).run("CREATE DATABASE troupe_copy_left");
  REQUIRE(mark_copy(session, "troupe_copy_left", "shop").has_value());
  const auto copy = copy_of(shop, {.tables = {"films"}, .restorable = true});
  const auto found = find_copies(session).value();
  REQUIRE(found.size() == 4);
  for (const auto& each : found) {
    INFO(each.name);
    const bool left = each.name == "troupe_copy_left", mine = each.name == "troupe_copy_of_mine";
    CHECK(each.marked == !mine);
    CHECK(each.in_use == (!left && !mine));
    if (left) continue;
    const auto refused = remove_copy(session, each.name);
    REQUIRE_FALSE(refused.has_value());
    CHECK_THAT(refused.error().message, Contains("left alone"));
  }
  CHECK_FALSE(remove_copy(session, "postgres").has_value());
  CHECK_FALSE(remove_copy(session, "troupe_copy_never").has_value());
  {
    const SqlSession somebody(tests::shared_cluster().superuser_conninfo() + " dbname=troupe_copy_left");
    CHECK_FALSE(remove_copy(session, "troupe_copy_left").has_value());
  }
  CHECK(tests::eventually([&] { return remove_copy(session, "troupe_copy_left").has_value(); }));
  CHECK(find_copies(session).value().size() == 3);
  SqlSession(shop).run("DROP DATABASE troupe_copy_of_mine");
}
