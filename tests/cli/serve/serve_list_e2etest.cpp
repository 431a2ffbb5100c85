#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/items_client.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
namespace json = boost::json;

namespace {

ServerProcess& server() {
  static ServerProcess shared;
  return shared;
}

/// 57 items with few names and prices, so that every order has ties and the pages' edges fall into them.
SqlSession filled_table() {
  SqlSession sql(server().conninfo());
  sql.run("TRUNCATE items RESTART IDENTITY");
  sql.run(
      "INSERT INTO items (name, description, price, in_stock) "
      "SELECT 'item ' || n % 7, 'number ' || n, (n % 5) * 2.5, n % 3 = 0 FROM generate_series(1, 57) AS n");
  return sql;
}

std::vector<std::int64_t> ids_of(const json::value& items) {
  std::vector<std::int64_t> ids;
  for (const auto& item : items.as_array()) ids.push_back(item.at("id").to_number<std::int64_t>());
  return ids;
}

std::vector<std::int64_t> ids_by_sql(SqlSession& sql, const std::string& rest) {
  std::vector<std::int64_t> ids;
  for (const auto& row : sql.run("SELECT id FROM items " + rest)) ids.push_back(std::stoll(row.at(0)));
  return ids;
}

/// The target of `Link: <…>; rel="next"`; empty when there is no next page.
std::string next_page(const Answer& answer) {
  const auto link = answer.field("Link");
  if (link.empty()) return {};
  CHECK(link.starts_with('<'));
  CHECK(link.ends_with(">; rel=\"next\""));
  return link.substr(1, link.find('>') - 1);
}

}  // namespace

TEST_CASE("following the links of any order visits every item once, in order, on full pages", "[e2e]") {
  auto sql = filled_table();
  struct Row {
    std::string order, sql_order;
  };
  const auto row = GENERATE(values<Row>({{"id", "id"},
                                         {"-id", "id DESC"},
                                         {"name", "name, id"},
                                         {"-name", "name DESC, id DESC"},
                                         {"price", "price, id"},
                                         {"-price", "price DESC, id DESC"}}));
  const auto form = GENERATE(Form::json, Form::msgpack);
  ItemsClient client(server().port(), form);
  std::vector<std::int64_t> visited;
  std::string target = "/items/?limit=10&count=true&order=" + row.order;
  for (int pages = 0; !target.empty() && pages < 10; ++pages) {
    const auto page = client.get(target);
    REQUIRE(page.status() == 200);
    CHECK(page.http.field("X-Total-Count") == "57");
    const auto ids = ids_of(page.value);
    target = next_page(page.http);
    CHECK(ids.size() == (target.empty() ? 7 : 10));
    visited.insert(visited.end(), ids.begin(), ids.end());
  }
  CHECK(visited == ids_by_sql(sql, "ORDER BY " + row.sql_order));
}

TEST_CASE("a filter holds on every page its links lead to", "[e2e]") {
  auto sql = filled_table();
  struct Row {
    std::string query, condition;
  };
  const auto row = GENERATE(
      values<Row>({{"name=item%203", "name = 'item 3'"},
                   {"name=item+3&in_stock=false", "name = 'item 3' AND NOT in_stock"},
                   {"in_stock=true", "in_stock"},
                   {"min_price=2.5", "price >= 2.5"},
                   {"max_price=2.5", "price <= 2.5"},
                   {"min_price=2.5&max_price=7.5&in_stock=0", "price BETWEEN 2.5 AND 7.5 AND NOT in_stock"},
                   {"min_price=11", "false"},
                   {"name=nobody", "false"}}));
  const std::string order = GENERATE("id", "price", "name");
  ItemsClient client(server().port());
  const auto expected = ids_by_sql(sql, "WHERE " + row.condition + " ORDER BY " + order + ", id");
  std::vector<std::int64_t> visited;
  std::string target = "/items/?limit=3&count=1&" + row.query + "&order=" + order;
  for (int pages = 0; !target.empty() && pages < 30; ++pages) {
    const auto page = client.get(target);
    REQUIRE(page.status() == 200);
    CHECK(page.http.field("X-Total-Count") == std::to_string(expected.size()));
    const auto ids = ids_of(page.value);
    visited.insert(visited.end(), ids.begin(), ids.end());
    target = next_page(page.http);
  }
  CHECK(visited == expected);
}

TEST_CASE("limit, offset and after cut the list where they say", "[e2e]") {
  auto sql = filled_table();
  const auto ids = ids_by_sql(sql, "ORDER BY id");
  const auto at = [&](std::size_t index) { return std::to_string(ids.at(index)); };
  struct Row {
    std::string query, rest;
    bool more;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {"", "ORDER BY id", false},
      {"?limit=57", "ORDER BY id", false},
      {"?limit=56", "ORDER BY id LIMIT 56", true},
      {"?limit=1", "ORDER BY id LIMIT 1", true},
      {"?limit=1000", "ORDER BY id", false},
      {"?offset=50", "ORDER BY id OFFSET 50", false},
      {"?offset=57", "WHERE false", false},
      {"?offset=1000000", "WHERE false", false},
      {"?limit=5&offset=5", "ORDER BY id LIMIT 5 OFFSET 5", true},
      {"?after=" + at(53), "WHERE id > " + at(53) + " ORDER BY id", false},
      {"?after=" + at(3) + "&order=-id", "WHERE id < " + at(3) + " ORDER BY id DESC", false},
      {"?after=" + at(56), "WHERE false", false},
      {"?after=-9223372036854775808&limit=2", "ORDER BY id LIMIT 2", true},
      {"?unknown=x&limit=2&limit=3", "ORDER BY id LIMIT 3",
       true},  // unknown: ignored; repeated: the last one counts
  }));
  CAPTURE(row.query);
  ItemsClient client(server().port());
  const auto page = client.get("/items/" + row.query);
  REQUIRE(page.status() == 200);
  CHECK(ids_of(page.value) == ids_by_sql(sql, row.rest));
  CHECK_FALSE(page.http.has("X-Total-Count"));
  CHECK(page.http.has("Link") == row.more);
}

TEST_CASE("a page is 100 items when nothing else is asked for", "[e2e]") {
  SqlSession sql(server().conninfo());
  sql.run("TRUNCATE items RESTART IDENTITY");
  sql.run("INSERT INTO items (name, price) SELECT 'n', n FROM generate_series(1, 101) AS n");
  ItemsClient client(server().port());
  const auto page = client.get("/items/");
  CHECK(page.value.as_array().size() == 100);
  CHECK(client.get(next_page(page.http)).value.as_array().size() == 1);
}

TEST_CASE("an empty table is an empty array", "[e2e]") {
  SqlSession(server().conninfo()).run("TRUNCATE items");
  ItemsClient client(server().port(), GENERATE(Form::json, Form::msgpack));
  const auto page = client.get("/items/?count=true");
  CHECK(page.status() == 200);
  CHECK(page.value == json::array());
  CHECK(page.http.field("X-Total-Count") == "0");
  CHECK_FALSE(page.http.has("Link"));
}

TEST_CASE("a name in a filter is compared, never read as SQL", "[e2e]") {
  ItemsClient client(server().port());
  const std::string name = "'; DROP TABLE items; -- \" \\ %";
  REQUIRE(client.post({{"name", name}, {"price", 1.5}}).status() == 201);
  const auto page = client.get("/items/?name=%27%3B%20DROP%20TABLE%20items%3B%20--%20%22%20%5C%20%25");
  REQUIRE(page.value.as_array().size() == 1);
  CHECK(text_at(page.value.at(0), "name") == name);
}
