// Pages for people, over the shop's tables: what comes over the wire, and what Chromium makes of it.
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "helpers/http_client.hpp"
#include "helpers/resource_server.hpp"
#include "helpers/shop.hpp"

using namespace troupe::tests;
namespace json = boost::json;

namespace {

const std::string rows_sql = R"sql(
INSERT INTO customers (email, name, born, tags)
  SELECT 'c' || n || '@example.com', 'Customer ' || n, date '1980-01-01' + n, ARRAY['a', 'b"<i>']
  FROM generate_series(1, 20) n;
INSERT INTO orders (customer_id, status, total, placed_at, note)
  SELECT 1 + n % 20, (ARRAY['open', 'paid', 'sent'])[1 + n % 3]::order_status, n * 1.25,
    timestamptz '2026-01-01 12:00:00Z' + n * interval '1 hour',
    CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'to be rung up before it is brought, and left with the neighbours '
      || 'at number ' || n END
  FROM generate_series(0, 249) n;
INSERT INTO order_lines (order_id, number, title, price)
  SELECT 1 + n / 3, 1 + n % 3, 'line ' || n, n * 0.5 FROM generate_series(0, 29) n;
INSERT INTO films (code, title, length, rating, poster, shown_at, released, scores, host) VALUES
  ('M/1 ü?', 'M', '1 hour 50 minutes', 8.3, '\x00ff3c', '20:15', '1931-05-11 20:15', '{1,2,NULL}', '10.0.0.1/8'),
  ('N', repeat('long <title> ', 100), NULL, 'NaN', NULL, NULL, 'infinity', NULL, NULL);
INSERT INTO labels (place) VALUES (1);
INSERT INTO "Quoted Table" VALUES (1, '<img src=x onerror=alert(1)>'), (2, '"''&amp;</td>');
)sql";

/// A server for the checks that change nothing.
HttpClient client() {
  static ResourceServer shared(shop_sql() + rows_sql);
  return HttpClient(shared.port());
}

const std::string wants_page = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
const std::string as_json = "Content-Type: application/json\r\n";

Answer page(const std::string& target, const std::string& fields = {}) {
  return client().ask("GET", target, wants_page + fields);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every page forbids scripts and styles but our own, and says that it depends on Accept", "[e2e]") {
  const std::string target = GENERATE("/", "/orders/", "/orders/?limit=1", "/orders/1", "/order_lines/1/1",
                                      "/nowhere", "/orders/?colour=red", "/orders/999999");
  CAPTURE(target);
  const auto answer = page(target);
  CHECK(answer.field("Content-Type") == "text/html; charset=utf-8");
  CHECK(answer.field("Vary") == "Accept");
  CHECK(answer.field("X-Content-Type-Options") == "nosniff");
  CHECK(answer.field("Content-Security-Policy") ==
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  CHECK(answer.body.starts_with("<!doctype html>"));
  CHECK_FALSE(has(answer.body, "<script>"));
  CHECK_FALSE(has(answer.body, "<style"));
  CHECK_FALSE(has(answer.body, " style="));
  const auto head = client().ask("GET", target);
  CHECK(head.status == answer.status);
  CHECK(head.field("Vary") == "Accept");
  CHECK(head.field("Content-Type").find("json") != std::string::npos);
}

TEST_CASE("what pages refer to is there, under a name that is never another's", "[e2e]") {
  const auto body = page("/").body;
  const auto [begin, end, type] = GENERATE(table<std::string, std::string, std::string>(
      {{"<script src=\"", "\"", "text/javascript; charset=utf-8"},
       {"rel=stylesheet href=\"", "\"", "text/css; charset=utf-8"}}));
  const auto at = body.find(begin) + begin.size();
  const auto path = body.substr(at, body.find(end, at) - at);
  CAPTURE(path);
  const auto answer = client().ask("GET", path);
  CHECK(answer.status == 200);
  CHECK(answer.field("Content-Type") == type);
  CHECK(has(answer.field("Cache-Control"), "immutable"));
  CHECK(answer.field("X-Content-Type-Options") == "nosniff");
  CHECK(client().ask("GET", path, "If-None-Match: " + answer.field("ETag") + "\r\n").status == 304);
}

TEST_CASE("a row's page has a version of its own, and is not sent again to who knows it", "[e2e]") {
  const auto as_page = page("/orders/2");
  const auto tag = as_page.field("ETag");
  const auto plain = client().ask("GET", "/orders/2").field("ETag");
  CHECK_FALSE(tag.empty());
  CHECK(tag != plain);
  CHECK(page("/orders/2", "If-None-Match: " + tag + "\r\n").status == 304);
  CHECK(page("/orders/2", "If-None-Match: " + plain + "\r\n").status == 200);
  CHECK(client().ask("GET", "/orders/2", "If-None-Match: " + tag + "\r\n").status == 200);
  CHECK(page("/orders/2?fields=id").field("ETag") != tag);
  // To write, any of them names the version.
  const auto changed =
      client().ask("PATCH", "/orders/2", as_json + "If-Match: " + tag + "\r\n", R"({"note":"changed"})");
  CHECK(changed.status == 200);
  CHECK(page("/orders/2", "If-None-Match: " + tag + "\r\n").status == 200);
}

TEST_CASE("the same rows stand on a page as in JSON, in lists and alone", "[e2e]") {
  const auto rows =
      json::parse(client().ask("GET", "/orders/?limit=50&order=-placed_at&status=paid").body).as_array();
  REQUIRE(rows.size() == 50);
  const auto body = page("/orders/?limit=50&order=-placed_at&status=paid").body;
  std::size_t at = 0;
  for (const auto& row : rows) {
    const auto id = std::to_string(row.at("id").as_int64());
    const auto found = body.find("<a href=\"/orders/" + id + "\">" + id + "</a>", at);
    REQUIRE(found != std::string::npos);
    CHECK(body.find(std::string(row.at("placed_at").as_string()), found) < body.find('\n', found));
    at = found;
  }
  CHECK(has(page("/orders/5").body, "<a href=\"/customers/5\">5</a>"));
}

TEST_CASE("a form that was sent as it stands leads to the list that it means", "[e2e]") {
  const auto answer = page("/orders/?_form=1&status=paid&total__gte=&note__icontains=a+b&limit=");
  CHECK(answer.status == 303);
  CHECK(answer.field("Location") == "/orders/?status=paid&note__icontains=a%20b");
  CHECK(page("/orders/?_form=1&status=").field("Location") == "/orders/");
  CHECK(client().ask("GET", "/orders/?_form=1").status == 400);  // of a program it is no parameter
  CHECK(page("/orders/?note=").status == 200);                   // an empty text, where no form says so
}

TEST_CASE("what is refused is said on a page to who wants one, with the fields that belong to it", "[e2e]") {
  const auto wrong = client().ask("POST", "/orders/", wants_page + as_json, R"({"total":-1})");
  CHECK(wrong.status == 422);
  CHECK(wrong.field("Content-Type") == "text/html; charset=utf-8");
  CHECK(has(wrong.body, "customer_id is required"));
  const auto other = client().ask("DELETE", "/orders/", wants_page);
  CHECK(other.status == 405);
  CHECK(has(other.body, "<h1>405 "));
  CHECK_FALSE(other.field("Allow").empty());
  const auto hostile = page("/orders/?%3Cscript%3Ealert(1)%3C%2Fscript%3E=1");
  CHECK(hostile.status == 400);
  CHECK_FALSE(has(hostile.body, "<script>"));
  CHECK(has(hostile.body, "&lt;script&gt;"));
}

TEST_CASE("a row that is made or changed is shown as its page to who wants one", "[e2e]") {
  const auto made =
      client().ask("POST", "/orders/", wants_page + as_json, R"({"customer_id":1,"total":"7.25"})");
  CHECK(made.status == 201);
  const auto path = made.field("Location");
  CHECK(has(made.body, "<td>7.25</td>"));
  CHECK(has(made.body, "data-path=\"" + path + "\""));
  const auto changed = client().ask("PATCH", path, wants_page + as_json, R"({"total":"8.25"})");
  CHECK(changed.status == 200);
  CHECK(has(changed.body, "<td>8.25</td>"));
  const auto both =
      client().ask("POST", "/swallowed/", wants_page + as_json, R"([{"what":"<a>"},{"what":"b"}])");
  CHECK(both.status == 201);
  CHECK(has(both.body, "<td>&lt;A&gt;\n"));
  CHECK(client().ask("DELETE", path, wants_page).status == 204);
}

TEST_CASE("the root says what there is, to programs and to people", "[e2e]") {
  const auto answer = client().ask("GET", "/");
  CHECK(answer.field("Content-Type") == "application/json");
  const auto index = json::parse(answer.body);
  bool orders = false, docs = false;
  for (const auto& place : index.at("resources").as_array()) {
    CHECK(has(std::string(place.at("url").as_string()), std::string(place.at("path").as_string())));
    if (place.at("name") != "orders") continue;
    orders = true;
    CHECK(place.at("path") == "/orders/");
    CHECK(place.at("url").as_string().starts_with("http://"));
    CHECK(place.at("methods") == json::value{"POST", "GET", "PUT", "PATCH", "DELETE"});
  }
  for (const auto& place : index.at("server").as_array()) {
    docs = docs || place.at("path") == "/docs";
    CHECK(client().ask("GET", std::string(place.at("path").as_string())).status == 200);
  }
  CHECK(orders);
  CHECK(docs);
  CHECK(client().ask("GET", "/", "Accept: application/msgpack\r\n").field("Content-Type") ==
        "application/msgpack");
  CHECK(client().ask("GET", "/", "Accept: image/png\r\n").status == 406);
  const auto body = page("/").body;
  CHECK(has(body, "<a href=\"/Quoted-Table/\">Quoted Table</a>"));
  CHECK(has(body, "<a href=\"/docs\">"));
}

TEST_CASE("the pages work in a browser, and without its JavaScript to be read", "[e2e]") {
  ResourceServer server(shop_sql() + rows_sql);
  const std::string script = TROUPE_SOURCE_DIR "/web/test/pages_test.mjs";
  const auto command = "SERVER=http://127.0.0.1:" + std::to_string(server.port()) + " node '" + script + "'";
  CHECK(std::system(command.c_str()) == 0);  // its output, one line per check, says what failed
}
