#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <future>
#include <set>
#include <string>
#include <vector>

#include "helpers/items_client.hpp"
#include "helpers/parallel.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

/// One database connection, one statement at a time: what a test makes wait comes together in the next batch.
ServerProcess& server() {
  static ServerProcess shared({"--pool-size", "1", "--max-in-flight", "1", "--request-timeout", "8s"});
  return shared;
}

const json::value item = {{"name", "x"}, {"description", nullptr}, {"price", 1.5}, {"in_stock", true}};

double of_database(std::uint16_t port, const std::string& name) {
  return metric(port, "troupe_database_" + name + "{actor=\"0\"}");
}

/// Holds the lock on a row, and so the statement that wants to change it.
class RowLock {
 public:
  explicit RowLock(std::int64_t id) : sql_(server().conninfo()) {
    sql_.run("BEGIN; SELECT FROM items WHERE id = " + std::to_string(id) + " FOR UPDATE");
  }
  void release() { sql_.run("ROLLBACK"); }

 private:
  SqlSession sql_;
};

/// Sends all requests so that they wait together for one statement to finish, and returns their answers.
std::vector<ItemAnswer> in_one_batch(const std::vector<std::string>& requests) {
  const auto port = server().port();
  ItemsClient first(port);
  const auto gate = first.post(item).id();
  RowLock lock(gate);
  const json::value change = {{"price", 2.5}};
  first.http().send(first.text("PATCH", ItemsClient::item_path(gate), &change));
  wait_until("the gate's statement is sent", [&] { return of_database(port, "in_flight") == 1; });
  std::vector<ItemsClient> clients;
  for (const auto& request : requests) {
    clients.emplace_back(port);
    clients.back().http().send(request);
  }
  wait_until("all requests wait",
             [&] { return of_database(port, "queue") == 1.0 + static_cast<double>(requests.size()); });
  lock.release();
  CHECK(first.read().status() == 200);
  std::vector<ItemAnswer> answers;
  for (auto& client : clients) answers.push_back(client.read());
  return answers;
}

/// A numeric price is exact: in MessagePack, which has no such number, a text of its digits.
json::value with_number(json::value answered) {
  auto& price = answered.as_object().at("price");
  if (price.is_string()) price = std::stod(std::string(price.get_string()));
  return answered;
}

}  // namespace

TEST_CASE("one bad row in a batch fails alone", "[e2e]") {
  SqlSession sql(server().conninfo());
  sql.run("ALTER TABLE items ADD CONSTRAINT no_elephants CHECK (name <> 'elephant')");
  const json::value elephant = {{"name", "elephant"}, {"price", 1}};
  ItemsClient client(server().port());
  std::vector<std::string> requests;
  std::vector<std::int64_t> ids;
  const bool update = GENERATE(false, true);
  for (int number = 0; number < 8; ++number) {
    const json::value mouse = {{"name", "mouse " + std::to_string(number)}, {"price", number}};
    const auto* body = number == 5 ? &elephant : &mouse;
    if (update) ids.push_back(client.post(item).id());
    requests.push_back(update ? client.text("PUT", ItemsClient::item_path(ids.back()), body)
                              : client.text("POST", "/items/", body));
  }
  const auto commands = of_database(server().port(), "commands_total");
  const auto statements = of_database(server().port(), "statements_total");
  const auto answers = in_one_batch(requests);
  // More commands than statements: they did go as a batch first.
  CHECK(of_database(server().port(), "commands_total") - commands >=
        of_database(server().port(), "statements_total") - statements + 7);
  for (int number = 0; number < 8; ++number) {
    CAPTURE(number, update);
    const auto& answer = answers[static_cast<std::size_t>(number)];
    if (number == 5) {
      CHECK(answer.status() == 422);
      CHECK(answer.http.body.find("no_elephants") == std::string::npos);
      if (update) CHECK(client.item(ids[5]).value == with_id(ids[5], item));
    } else {
      CHECK(answer.status() == (update ? 200 : 201));
      CHECK(text_at(answer.value, "name") == "mouse " + std::to_string(number));
      CHECK(client.item(answer.id()).value == answer.value);
    }
  }
  sql.run("ALTER TABLE items DROP CONSTRAINT no_elephants");
}

TEST_CASE("updates of one id in a batch are all answered with their own values, and one of them stays",
          "[e2e]") {
  ItemsClient client(server().port());
  const auto id = client.post(item).id();
  std::vector<std::string> requests;
  for (int number = 0; number < 6; ++number) {
    const json::value next = {{"name", "update " + std::to_string(number)}, {"price", number}};
    requests.push_back(client.text("PUT", ItemsClient::item_path(id), &next));
  }
  const auto answers = in_one_batch(requests);
  std::set<std::string> names;
  for (int number = 0; number < 6; ++number) {
    const auto& answer = answers[static_cast<std::size_t>(number)];
    CHECK(answer.status() == 200);
    CHECK(text_at(answer.value, "name") == "update " + std::to_string(number));
    names.insert(text_at(answer.value, "name"));
  }
  CHECK(names.contains(text_at(client.item(id).value, "name")));
}

TEST_CASE("of several deletes of one id in a batch exactly one did it", "[e2e]") {
  ItemsClient client(server().port());
  const auto path = ItemsClient::item_path(client.post(item).id());
  const auto answers = in_one_batch(std::vector<std::string>(5, client.text("DELETE", path)));
  std::multiset<int> statuses;
  for (const auto& answer : answers) statuses.insert(answer.status());
  CHECK(statuses == std::multiset<int>{204, 404, 404, 404, 404});
}

TEST_CASE("equal reads and lists in a batch are each answered", "[e2e]") {
  ItemsClient client(server().port());
  const auto created = client.post(item);
  const auto one = client.text("GET", ItemsClient::item_path(created.id()));
  const auto list = client.text("GET", "/items/?order=-id&limit=3&count=true");
  const auto missing = client.text("GET", "/items/999999999");
  const auto answers = in_one_batch({one, list, one, list, missing, one});
  for (const auto i : {0, 2, 5}) CHECK(answers[static_cast<std::size_t>(i)].value == created.value);
  CHECK(answers[1].value.as_array().size() == 3);
  CHECK(answers[1].value == answers[3].value);
  CHECK(answers[1].http.field("X-Total-Count") == answers[3].http.field("X-Total-Count"));
  CHECK(answers[4].status() == 404);
}

TEST_CASE("a row locked by another session fails no batch neighbour", "[e2e]") {
  ItemsClient client(server().port());
  std::vector<std::int64_t> ids;
  std::vector<std::string> requests;
  const json::value change = {{"price", 9.5}};
  for (int number = 0; number < 4; ++number) {
    ids.push_back(client.post(item).id());
    requests.push_back(client.text("PATCH", ItemsClient::item_path(ids.back()), &change));
  }
  RowLock lock(ids[1]);
  const auto answers = in_one_batch(requests);
  for (const auto neighbour : {0U, 2U, 3U}) CHECK(answers[neighbour].status() == 200);
  CHECK(answers[1].status() == 503);
  CHECK(answers[1].http.has("Retry-After"));
  CHECK_FALSE(answers[1].value.as_object().contains("outcome"));  // PostgreSQL said that it did not happen
  CHECK(client.item(ids[1]).value == with_id(ids[1], item));
  lock.release();
  CHECK(client.patch(ids[1], change).status() == 200);
}

TEST_CASE("past --queue-limit the answer is 503 with Retry-After, at once, and those waiting are served",
          "[e2e]") {
  ServerProcess small(
      {"--pool-size", "1", "--queue-limit", "4", "--max-in-flight", "1", "--request-timeout", "60s"});
  const auto port = small.port();
  SqlSession lock(small.conninfo());
  lock.run("BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE");
  std::vector<HttpClient> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.emplace_back(port);
    waiting.back().send(request_text("GET", "/items/"));
  }
  REQUIRE(eventually([&] { return of_database(port, "queue") == 4; }));
  ItemsClient client(port);
  for (const auto& answer : {client.get("/items/"), client.post(item)}) {
    CHECK(answer.status() == 503);
    CHECK(answer.http.field("Retry-After") == "1");
    CHECK(answer.value.at("type") == "urn:troupe:problem:queue-full");
    CHECK_FALSE(answer.value.as_object().contains("outcome"));
  }
  CHECK(client.get("/health/live").status() == 200);
  CHECK(client.get("/health/ready").status() == 200);  // full is not away
  CHECK_FALSE(waiting.front().readable(0ms));
  lock.run("ROLLBACK");
  for (auto& other : waiting) CHECK(other.read().status == 200);
  CHECK(client.post(item).status() == 201);
}

TEST_CASE("tables made by others serve unchanged", "[e2e]") {
  struct Row {
    std::string table, sql;
  };
  const auto row = GENERATE(values<Row>({
      {"alchemy",
       "CREATE TABLE IF NOT EXISTS alchemy (id SERIAL NOT NULL, name VARCHAR(100) NOT NULL, description "
       "VARCHAR(2000),"
       " price FLOAT NOT NULL, in_stock BOOLEAN NOT NULL, PRIMARY KEY (id))"},
      {"api_item",
       "CREATE TABLE IF NOT EXISTS api_item (id bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS "
       "IDENTITY, name varchar(100)"
       " NOT NULL, description text NULL, price numeric(10, 2) NOT NULL, in_stock boolean NOT NULL)"},
      {"Shop.Items",
       "CREATE SCHEMA IF NOT EXISTS \"Shop\"; CREATE TABLE IF NOT EXISTS \"Shop\".\"Items\" (in_stock "
       "boolean DEFAULT true, price numeric,"
       " description text, name text, id smallserial PRIMARY KEY, made timestamptz DEFAULT now())"},
  }));
  CAPTURE(row.table);
  const auto url = url_of(server().conninfo());
  SqlSession(server().conninfo()).run(row.sql);
  ServerProcess other({"--database-url", url, "--table", row.table});
  ItemsClient client(other.port(), GENERATE(Form::json, Form::msgpack));
  const json::value some = {
      {"name", "chair"}, {"description", "wood"}, {"price", 12.25}, {"in_stock", false}};
  const auto created = client.post(some);
  REQUIRE(created.status() == 201);
  const auto id = created.id();
  CHECK(with_number(created.value) == with_id(id, some));
  CHECK(with_number(client.item(id).value) == with_id(id, some));
  CHECK(with_number(client.put(id, item).value) == with_id(id, item));
  CHECK(with_number(client.patch(id, {{"price", 0.75}}).value).at("price") == 0.75);
  CHECK(client.get("/items/?min_price=0.75&max_price=0.75&order=price&count=true").value.at(0).at("id") ==
        id);
  CHECK(client.remove(id).status() == 204);
  CHECK(client.item(9'000'000'000).status() == 404);  // past the ids this table can hold
  CHECK(client.remove(9'000'000'000).status() == 404);
}

TEST_CASE("a table that cannot hold items is refused with its column's name, exit 2", "[e2e]") {
  struct Row {
    std::string table, columns, names;
  };
  const auto row = GENERATE(values<Row>({
      {"no_price", "id serial PRIMARY KEY, name text, description text, in_stock boolean", "column price"},
      {"odd_name", "id serial PRIMARY KEY, name int, description text, price float8, in_stock boolean",
       "column name"},
      {"odd_id", "id uuid PRIMARY KEY, name text, description text, price float8, in_stock boolean",
       "column id"},
  }));
  SqlSession(server().conninfo()).run("CREATE TABLE " + row.table + " (" + row.columns + ")");
  const auto refused = run_troupe(
      {{"serve", "--port", "0", "--database-url", url_of(server().conninfo()), "--table", row.table}});
  CHECK(refused.code == 2);
  CHECK(refused.err.find(row.names) != std::string::npos);
  CHECK(refused.out.empty());
}
