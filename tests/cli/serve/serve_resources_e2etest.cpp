// A stranger's database, served without a line of code.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "helpers/eventually.hpp"
#include "helpers/folder.hpp"
#include "helpers/http_client.hpp"
#include "helpers/resource_server.hpp"
#include "helpers/server_process.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/shop.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe;
using namespace troupe::tests;
using Catch::Contains;
namespace json = boost::json;

namespace {

/// A server of the shop's tables, and a client of it.
class Shop : public ResourceServer {
 public:
  explicit Shop(const std::vector<std::string>& flags = {})
      : ResourceServer(shop_sql(), flags), client_(port()) {}

  /// "201 {…}"
  std::string ask(const std::string& method, const std::string& target, const std::string& body = {},
                  const std::string& fields = {}) {
    last_ = client_.ask(method, target, (body.empty() ? "" : "Content-Type: application/json\r\n") + fields,
                        body);
    return std::to_string(last_.status) + (last_.body.empty() ? "" : " " + last_.body);
  }
  const Answer& last() const { return last_; }
  json::value value() const { return json::parse(last_.body); }

 private:
  HttpClient client_;
  Answer last_;
};

}  // namespace

TEST_CASE("a stranger's tables are served: rows are made, read, listed, changed and removed", "[e2e]") {
  Shop shop;
  CHECK(
      shop.ask(
          "POST", "/customers/",
          R"({"email":"a@b","name":"Ann","born":"2000-02-29","tags":["x","y\"z"],"settings":{"a":[1,2.50]}})") ==
      R"(201 {"id":1,"email":"a@b","name":"Ann","born":"2000-02-29","tags":["x","y\"z"],"settings":{"a": [1, 2.50]}})");
  CHECK(shop.last().field("Location") == "/customers/1");
  CHECK(shop.ask("POST", "/orders/", R"({"customer_id":1,"total":12.5,"note":null})").starts_with("201 "));
  CHECK(shop.value().at("status") == "open");
  CHECK(shop.last().body.find(R"("total":12.50)") != std::string::npos);
  CHECK(shop.ask("PATCH", "/orders/1", R"({"status":"paid"})").starts_with("200 "));
  CHECK(shop.value().at("status") == "paid");
  CHECK(shop.ask("POST", "/order_lines/", R"({"order_id":1,"number":1,"title":"lamp","price":0.1})") ==
        R"(201 {"order_id":1,"number":1,"title":"lamp","quantity":1,"price":0.1,"cost":0.1})");
  CHECK(shop.last().field("Location") == "/order_lines/1/1");
  CHECK(
      shop.ask("PUT", "/order_lines/1/1",
               R"({"title":"lamp","price":12345678901234567890.123456789,"quantity":3})") ==
      R"(200 {"order_id":1,"number":1,"title":"lamp","quantity":3,"price":12345678901234567890.123456789,"cost":37037036703703703670.370370367})");
  CHECK(shop.ask("PUT", "/order_lines/1/7", R"({"title":"new","price":1})").starts_with("201 "));
  CHECK(shop.ask("DELETE", "/order_lines/1/7") == "204");
  CHECK(shop.ask("GET", "/order_lines/1/7").starts_with("404 "));
  CHECK(shop.ask("GET",
                 "/orders/?status=paid&total__gte=1&order=-placed_at&fields=id,total&limit=20&count=true") ==
        R"(200 [{"id":1,"total":12.50}])");
  CHECK(shop.last().field("X-Total-Count") == "1");
}

TEST_CASE("values of many types come back as PostgreSQL has them", "[e2e]") {
  Shop shop;
  const std::string film =
      R"({"code":"a/b %é😀","title":"T","length":"1 day 02:00:00","rating":0.1,"poster":"aGk=","shown_at":"23:59:59.5",)"
      R"("released":"2024-02-29T12:00:00","search":"'t':1","scores":[1,null,-3],"host":"10.0.0.1"})";
  CHECK(shop.ask("POST", "/films/", film) == "201 " + film);
  const std::string path = "/films/a%2Fb%20%25%C3%A9%F0%9F%98%80";
  CHECK(shop.last().field("Location") == path);
  CHECK(shop.ask("GET", path) == "200 " + film);
  CHECK(shop.sql().value("SELECT poster FROM films") == "\\x6869");
  CHECK(shop.ask("PATCH", path, R"({"scores":[[1,2],[3,4]],"rating":"NaN"})").starts_with("200 "));
  CHECK(shop.value().at("rating") == "NaN");
  CHECK(shop.value().at("scores") == json::parse("[[1,2],[3,4]]"));
  shop.sql().run("UPDATE films SET released = 'infinity', rating = '-infinity'");
  CHECK(shop.ask("GET", path + "?fields=released,rating") ==
        R"(200 {"released":"infinity","rating":"-Infinity"})");
  CHECK(shop.ask("GET", path + "?feilds=released").starts_with("400 "));
  CHECK(shop.ask("POST", "/labels/", R"({"Mixed Case":1,"place":2,"limit":3,"short":"abc"})")
            .starts_with("201 "));
  CHECK(shop.ask("GET", "/labels/?count=true&limit__exact=3&place=2&fields=Mixed%20Case,place") ==
        R"(200 [{"Mixed Case":1,"place":2}])");
  CHECK(
      shop.ask("PUT", "/labels/00000000-0000-0000-0000-00000000000A", R"({"place":1})").starts_with("201 "));
  CHECK(shop.ask("POST", "/Quoted-Table/", R"({"select":5,"a\"b":"c"})").starts_with("201 "));
  CHECK(shop.ask("GET", "/Quoted-Table/5") == R"(200 {"select":5,"a\"b":"c"})");
  CHECK(shop.ask("POST", "/events/", R"({"id":1,"at":"2024-05-06","what":"x"})").starts_with("201 "));
  CHECK(shop.ask("GET", "/events/1/2024-05-06") == R"(200 {"id":1,"at":"2024-05-06","what":"x"})");
  CHECK(shop.ask("GET", "/events_2024/").starts_with("404 "));
}

TEST_CASE("a number that JSON or a double cannot hold is no fault of who reads it", "[e2e]") {
  Shop shop;
  shop.sql().run(
      "INSERT INTO customers (email, name) VALUES ('a', 'A'); INSERT INTO orders (customer_id, total) VALUES "
      "(1, 0);"
      "INSERT INTO order_lines (order_id, number, title, price) VALUES (1, 1, 'many', 1e400), (1, 2, 'none', "
      "'NaN'),"
      " (1, 3, 'exact', 1234567890123456.123456789)");
  const auto price_of = [&](const std::string& target) {
    CHECK(shop.ask("GET", target + "?fields=price").starts_with("200 "));
    return shop.last().body;
  };
  CHECK(price_of("/order_lines/1/1") == "{\"price\":1" + std::string(400, '0') + "}");
  CHECK(price_of("/order_lines/1/2") == R"({"price":"NaN"})");
  CHECK(price_of("/order_lines/1/3") == R"({"price":1234567890123456.123456789})");
  CHECK(shop.ask("GET", "/order_lines/?fields=number&price__lt=2e400&order=number") ==
        R"(200 [{"number":1},{"number":3}])");
}

TEST_CASE("what the database refuses is told with its status and the field", "[e2e]") {
  Shop shop;
  shop.ask("POST", "/customers/", R"({"email":"a@b","name":"Ann"})");
  struct Row {
    std::string method, target, body;
    int status;
    std::string loc;  ///< of the first fault
  };
  const auto row = GENERATE(values<Row>({
      {"POST", "/customers/", R"({"email":"a@b","name":"B"})", 409, R"(["body","email"])"},
      {"POST", "/orders/", R"({"customer_id":99,"total":1})", 409, R"(["body","customer_id"])"},
      {"POST", "/orders/", R"({"customer_id":1,"total":123456789})", 422, R"(["body","total"])"},
      {"POST", "/orders/", R"({"customer_id":1,"total":-1})", 422, ""},
      {"POST", "/orders/", R"({"customer_id":1,"total":1,"status":"lost"})", 422, R"(["body","status"])"},
      {"POST", "/customers/", R"({"email":"c","name":"12345678901234567890123456789012345678901"})", 422,
       R"(["body","name"])"},
      {"POST", "/customers/", R"({"name":"x"})", 422, R"(["body","email"])"},
      {"POST", "/labels/", R"({"short":"abcd"})", 422, R"(["body","short"])"},
      {"POST", "/labels/", R"({"place":2147483648})", 422, R"(["body","place"])"},
      {"POST", "/swallowed/", R"({"what":"loud"})", 422, R"(["body"])"},
      {"POST", "/swallowed/", R"({"what":"none"})", 422, R"(["body"])"},
      {"GET", "/orders/?statsu=open", "", 400, R"(["query","statsu"])"},
      {"GET", "/orders/x", "", 404, ""},
      {"GET", "/no_key/", "", 404, ""},
  }));
  CAPTURE(row.method, row.target, row.body);
  shop.ask(row.method, row.target, row.body);
  CAPTURE(shop.last().body);
  CHECK(shop.last().status == row.status);
  if (!row.loc.empty()) CHECK(json::serialize(shop.value().at("errors").at(0).at("loc")) == row.loc);
}

TEST_CASE("an array is created as a whole or not at all", "[e2e]") {
  Shop shop({"--max-batch", "3"});
  CHECK(shop.ask("POST", "/customers/", R"([{"email":"a","name":"A"},{"email":"b","name":"B"}])")
            .starts_with("201 [{\"id\":1,"));
  CHECK(shop.value().as_array().size() == 2);
  CHECK(shop.ask("POST", "/customers/", R"([{"email":"c","name":"C"},{"email":"a","name":"A"}])")
            .starts_with("409 "));
  CHECK(shop.ask("POST", "/customers/", R"([{"email":"c","name":"C"},{"email":"d"}])").starts_with("422 "));
  CHECK(json::serialize(shop.value().at("errors").at(0).at("loc")) == R"(["body","1","name"])");
  CHECK(shop.ask("POST", "/customers/", "[]") == "201 []");
  CHECK(shop.ask("POST", "/customers/", R"([{},{},{},{}])").starts_with("413 "));
  CHECK(shop.sql().value("SELECT count(*) FROM customers") == "2");
}

TEST_CASE("a row's version guards its changes", "[e2e]") {
  Shop shop;
  shop.ask("POST", "/customers/", R"({"email":"a","name":"A"})");
  const auto tag = shop.last().field("ETag");
  CHECK(shop.ask("GET", "/customers/1", {}, "If-None-Match: " + tag + "\r\n") == "304");
  CHECK(
      shop.ask("GET", "/customers/1?fields=name", {}, "If-None-Match: " + tag + "\r\n").starts_with("200 "));
  CHECK(shop.ask("PATCH", "/customers/1", R"({"name":"B"})", "If-Match: \"x\", " + tag + "\r\n")
            .starts_with("200 "));
  CHECK(
      shop.ask("PATCH", "/customers/1", R"({"name":"C"})", "If-Match: " + tag + "\r\n").starts_with("412 "));
  CHECK(
      shop.ask("PATCH", "/customers/1", R"({"name":"C"})", "If-Match: \"nonsense\"\r\n").starts_with("412 "));
  CHECK(shop.ask("PATCH", "/customers/1", R"({"name":"C"})", "If-None-Match: *\r\n").starts_with("412 "));
  CHECK(shop.ask("DELETE", "/customers/1", {}, "If-Match: " + tag + "\r\n").starts_with("412 "));
  CHECK(shop.ask("DELETE", "/customers/2", {}, "If-Match: *\r\n").starts_with("412 "));
  CHECK(shop.ask("PUT", "/films/x", R"({"title":"T"})", "If-None-Match: *\r\n").starts_with("201 "));
  CHECK(shop.ask("PUT", "/films/x", R"({"title":"U"})", "If-None-Match: *\r\n").starts_with("412 "));
  CHECK(shop.sql().value("SELECT name FROM customers") == "B");
  CHECK(shop.ask("DELETE", "/customers/1", {}, "If-Match: *\r\n") == "204");
}

TEST_CASE("pages follow each other in any order, with nulls and ties", "[e2e]") {
  Shop shop;
  shop.sql().run(
      "INSERT INTO films (code, title, rating) SELECT 'c' || n, 't' || n % 3, CASE WHEN n % 4 > 0 THEN n % 4 "
      "END "
      "FROM generate_series(1, 23) n");
  const auto order = GENERATE(as<std::string>(), "code", "-code", "title", "rating", "-rating",
                              "rating,-title", "-title,rating");
  CAPTURE(order);
  shop.ask("GET", "/films/?fields=code&order=" + order);
  const auto all = shop.value();
  json::array paged;
  auto target = "/films/?limit=5&fields=code&order=" + order;
  while (!target.empty()) {
    REQUIRE(shop.ask("GET", target).starts_with("200 "));
    const auto page = shop.value();
    for (const auto& row : page.as_array()) paged.push_back(row);
    const auto link = shop.last().field("Link");
    target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    REQUIRE(paged.size() <= 23);
  }
  CHECK(json::value(paged) == all);
}

TEST_CASE("a table that changes under the server is read again", "[e2e]") {
  Shop shop;
  shop.ask("POST", "/customers/", R"({"email":"a","name":"A"})");
  shop.sql().run("ALTER TABLE customers DROP COLUMN born, ADD COLUMN age int DEFAULT 7");
  CHECK(eventually([&] { return shop.ask("GET", "/customers/1").find("\"age\":7") != std::string::npos; }));
  shop.sql().run("ALTER TYPE order_status ADD VALUE 'lost'");
  CHECK(eventually([&] { return shop.ask("GET", "/orders/?status=lost") == "200 []"; }));
  shop.sql().run("CREATE TABLE later (id int PRIMARY KEY)");
  shop.server().process().signal(SIGHUP);
  CHECK(eventually([&] { return shop.ask("GET", "/later/") == "200 []"; }));
}

TEST_CASE("a resource file narrows what is served, and a wrong one is one line", "[e2e]") {
  const auto conninfo = fresh_database();
  SqlSession(conninfo).run(shop_sql());
  const Folder folder("resources");
  const auto file = (folder / "shop.toml").string();
  const auto printed = run_troupe({.arguments = {"resources", "--database-url", url_of(conninfo)}});
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("[resource.orders]"));
  std::ofstream(file) << printed.out;
  {
    const ServerProcess server(Launch{{"--database-url", url_of(conninfo), "--resources", file}});
    HttpClient client(server.port());
    CHECK(client.ask("GET", "/orders/").status == 200);
    CHECK(client.ask("GET", "/items/").status == 404);
  }
  std::ofstream(file)
      << "[resource.clients]\ntable = \"customers\"\npath = \"/v1/clients/\"\nhide = [\"settings\"]\n"
         "methods = [\"list\", \"create\"]\n[resource.clients.columns.name]\npattern = \"^[A-Z]\"\n";
  {
    const ServerProcess server(Launch{{"--database-url", url_of(conninfo), "--resources", file}});
    HttpClient client(server.port());
    CHECK(client
              .ask("POST", "/v1/clients/", "Content-Type: application/json\r\n",
                   R"({"email":"x","name":"ann"})")
              .status == 422);
    CHECK(client
              .ask("POST", "/v1/clients/", "Content-Type: application/json\r\n",
                   R"({"email":"x","name":"Ann"})")
              .body == R"({"id":1,"email":"x","name":"Ann","born":null,"tags":[]})");
    CHECK(client.ask("GET", "/v1/clients/1").status == 404);
  }
  std::ofstream(file) << "[resource.orders]\nhide = [\"totl\"]\n";
  const auto wrong = run_troupe(
      {.arguments = {"serve", "--port", "0", "--database-url", url_of(conninfo), "--resources", file}});
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, Contains(file + ":2") && Contains("totl") && Contains("total"));
}
