// Statements of the user's own, as endpoints.
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "helpers/http_client.hpp"
#include "helpers/query_server.hpp"

using namespace troupe;
using namespace troupe::tests;
using Catch::Contains;
namespace json = boost::json;

namespace {

std::string detail_of(const std::string& answer) {
  return std::string(json::parse(answer.substr(4)).at("detail").as_string());
}

}  // namespace

TEST_CASE("a query of the user's is an endpoint: an array, one object or 404, and what writes is POST",
          "[e2e]") {
  QueryServer queries(R"(
[query.people_of]
path = "/reports/people-of"
sql = """SELECT id, name FROM people WHERE boss = :boss AND born >= :since ORDER BY id"""
params.since = { type = "date", default = "2000-01-01" }
[query.person]
sql = "SELECT id, name, mood, born FROM people WHERE id = :id"
one = true
[query.visit]
write = true
one = true
sql = "INSERT INTO visits (person, at, cost) VALUES (:person, :at, :cost) RETURNING person, at, cost"
params.cost = { optional = true, min = 0 }
[query.forget]
write = true
sql = "DELETE FROM visits WHERE person = :person"
[query.moved]
write = true
sql = "WITH gone AS (DELETE FROM visits WHERE person = :from RETURNING person) SELECT count(*) AS n FROM gone"
)");
  CHECK(queries.ask("GET", "/reports/people-of?boss=5") ==
        R"(200 [{"id":15,"name":"p1"},{"id":16,"name":"p2"},{"id":17,"name":"p3"}])");
  CHECK(queries.ask("GET", "/reports/people-of/?boss=5&since=2000-01-17") ==
        R"(200 [{"id":16,"name":"p2"},{"id":17,"name":"p3"}])");
  CHECK(queries.ask("GET", "/reports/people-of?boss=1000") == "200 []");
  CHECK(queries.ask("GET", "/person?id=3") ==
        R"(200 {"id":3,"name":"p3","mood":"good","born":"2000-01-04"})");
  CHECK(detail_of(queries.ask("GET", "/person?id=3000")) == "the query person gives no row for this");
  CHECK(queries.ask("POST", "/visit", R"({"person":3,"at":"2026-05-01T12:00:00+02:00","cost":1.5})") ==
        R"(200 {"person":3,"at":"2026-05-01T10:00:00+00:00","cost":1.50})");
  CHECK(queries.ask("POST", "/visit", R"({"person":3,"at":"2026-05-01T12:00:00Z"})").starts_with("200 "));
  CHECK(queries.ask("POST", "/visit", R"({"person":3,"at":"2026-05-01T12:00:00Z","cost":-1})")
            .starts_with("422 "));
  CHECK(queries.ask("POST", "/visit", R"({"person":3000,"at":"2026-05-01T12:00:00Z"})").starts_with("409 "));
  CHECK(queries.ask("POST", "/moved", R"({"from":3})").starts_with(R"(200 [{"n":)"));
  CHECK(queries.ask("POST", "/forget", R"({"person":2})") == "204");
  CHECK(queries.sql().value("SELECT count(*) FROM visits WHERE person IN (2, 3)") == "0");
}

TEST_CASE("a query's rows are a page for who asks for one, and / names the query", "[e2e]") {
  QueryServer queries(R"(
[query.named]
path = "/reports/named"
sql = "SELECT id, name || '<b>' AS name FROM people WHERE id <= :id ORDER BY id"
[query.person]
sql = "SELECT id, mood FROM people WHERE id = :id"
one = true
)");
  HttpClient client(queries.port());
  const std::string wants_page = "Accept: text/html\r\n";
  const auto list = client.ask("GET", "/reports/named?id=2", wants_page);
  CHECK(list.status == 200);
  CHECK(list.field("Content-Type") == "text/html; charset=utf-8");
  CHECK(list.field("Vary") == "Accept");
  CHECK_THAT(list.body, Contains("<tr><td>1<td>p1&lt;b&gt;\n<tr><td>2<td>p2&lt;b&gt;\n"));
  CHECK_THAT(client.ask("GET", "/person?id=3", wants_page).body, Contains("<tr><td>3<td>good\n"));
  CHECK_THAT(client.ask("GET", "/person?id=x", wants_page).body, Contains("<li>id must be an integer"));
  const auto index = json::parse(client.ask("GET", "/").body);
  CHECK(index.at("queries").at(0).at("path") == "/reports/named/");
  CHECK_THAT(client.ask("GET", "/", wants_page).body, Contains("<a href=\"/reports/named/\">named</a>"));
}

TEST_CASE("a call that is wrong is told what is wrong with it", "[e2e]") {
  QueryServer queries(R"(
[query.share]
sql = "SELECT 100 / :parts AS share, :mood::mood AS mood"
params.parts = { max = 50 }
params.mood.default = "good"
[query.many]
sql = "SELECT n FROM generate_series(1, :n) n"
max_rows = 10
[query.sneaky]
sql = "SELECT leave_a_trace(:who) AS id"
[query.slow]
sql = "SELECT pg_sleep(20)::text AS x, :a::int AS a"
timeout = "100ms"
)");
  const auto [target, expected] = GENERATE(table<std::string, std::string>({
      {"/share?parts=4", R"(200 [{"share":25,"mood":"good"}])"},
      {"/share", "400 parts is missing"},
      {"/share?parts=x", "400 parts must be an integer"},
      {"/share?parts=51", "400 parts must be less than or equal to 50"},
      {"/share?part=4", "400 parts is missing; part is no parameter of this query: did you mean parts?"},
      {"/share?parts=4&mood=odd", "400 mood must be good or bad"},
      {"/share?parts=0", "422 division by zero"},
      {"/many?n=10",
       R"(200 [{"n":1},{"n":2},{"n":3},{"n":4},{"n":5},{"n":6},{"n":7},{"n":8},{"n":9},{"n":10}])"},
      {"/many?n=11", "422 the query gives more than 10 rows: narrow it by its parameters"},
      {"/sneaky?who=1", "500 "},
      {"/slow?a=1", "503 the request was not answered in the time it is given"},
  }));
  const auto answer = queries.ask("GET", target);
  CAPTURE(target, answer);
  CHECK(answer.starts_with(expected.substr(0, 4)));
  if (expected.starts_with("200")) {
    CHECK(answer == expected);
  } else if (expected.size() > 4) {
    const auto problem = json::parse(answer.substr(4)).as_object();
    std::string told;
    if (problem.contains("errors")) {
      for (const auto& fault : problem.at("errors").as_array())
        told += (told.empty() ? "" : "; ") + std::string(fault.at("msg").as_string());
    } else {
      told = problem.at("detail").as_string();
    }
    CHECK(told == expected.substr(4));
  }
  CHECK(queries.sql().value("SELECT count(*) FROM visits") == "300");
}

TEST_CASE("queries are in the OpenAPI document", "[e2e]") {
  QueryServer queries(R"toml(
[query.of]
comment = "People of a boss"
sql = "SELECT id, name FROM people WHERE boss = :boss AND mood = :mood"
params.mood.default = "good"
[query.visit]
write = true
sql = "INSERT INTO visits (person, at) VALUES (:person, :at)"
)toml");
  const auto document = json::parse(queries.ask("GET", "/openapi.json").substr(4));
  const auto& of = document.at("paths").at("/of/").at("get");
  CHECK(of.at("summary") == "People of a boss");
  CHECK(of.at("parameters").at(0).at("name") == "boss");
  CHECK(of.at("parameters").at(0).at("required") == true);
  CHECK(of.at("parameters").at(1).at("required") == false);
  const auto& row =
      of.at("responses").at("200").at("content").at("application/json").at("schema").at("items");
  CHECK(row.at("properties").as_object().contains("name"));
  const auto& visit = document.at("paths").at("/visit/").at("post");
  CHECK(visit.at("requestBody").at("content").as_object().contains("application/msgpack"));
  CHECK(visit.at("responses").as_object().contains("204"));
}

TEST_CASE("a query's page has a form for its parameters, which says what is wrong with them", "[e2e]") {
  QueryServer queries(R"toml(
[query.of]
sql = "SELECT id, name FROM people WHERE boss = :boss AND name >= :form"
params.form.default = "<p>"
)toml");
  HttpClient client(queries.port());
  const auto page = [&](const std::string& query) {
    return client.ask("GET", "/of/" + query, "Accept: text/html\r\n");
  };
  const auto first = page("");
  CHECK(first.status == 200);
  CHECK_THAT(first.body, Contains("<input name=\"boss\" value=\"\" required>"));
  const auto wrong = page("?boss=%22%3Cx%3E");
  CHECK(wrong.status == 400);
  CHECK_THAT(wrong.body, Contains("<li>boss must be an integer"));
  CHECK_THAT(wrong.body, Contains("<input name=\"boss\" value=\"&quot;&lt;x&gt;\" required>"));
  const auto sent = page("?form_=1&boss=5&form=");
  CHECK(sent.status == 303);
  CHECK(sent.field("Location") == "/of/?boss=5");
  const auto rows = page("?boss=5");
  CHECK_THAT(rows.body, Contains("p1") && Contains("<input name=\"boss\" value=\"5\" required>"));
}
