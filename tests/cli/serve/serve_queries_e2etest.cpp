// Statements of the user's own, as endpoints.
#include <array>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/http_client.hpp"
#include "helpers/parallel.hpp"
#include "helpers/resource_server.hpp"
#include "helpers/shared_cluster.hpp"

using namespace troupe;
using namespace troupe::tests;
using Catch::Contains;
namespace json = boost::json;

namespace {

const std::string tables_sql = R"sql(
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE people (id int PRIMARY KEY, name text, mood mood, boss int REFERENCES people, born date);
INSERT INTO people SELECT n, 'p' || n % 7, (ARRAY['good', 'bad', NULL])[n % 3 + 1]::mood, nullif(n / 3, 0), date '2000-01-01' + n
  FROM generate_series(1, 60) n;
CREATE TABLE visits (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person int NOT NULL REFERENCES people, at timestamptz NOT NULL,
                     cost numeric(8,2));
INSERT INTO visits (person, at, cost) SELECT n % 40 + 1, timestamptz '2026-01-01 00:00Z' + n * interval '7 hours', n % 11 + 0.25
  FROM generate_series(1, 300) n;
CREATE FUNCTION leave_a_trace(who int) RETURNS int LANGUAGE sql AS 'INSERT INTO visits (person, at) VALUES (who, now()) RETURNING id';
)sql";

/// A server of the queries that a resource file has.
class Queries {
 public:
  explicit Queries(const std::string& toml, const std::vector<std::string>& flags = {})
      : server_(start(toml, flags)) {}

  /// On a connection of its own: an idle one would be closed meanwhile.

  std::string ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    HttpClient client(port());
    return ask(client, method, target, body);
  }
  static std::string ask(HttpClient& client, const std::string& method, const std::string& target,
                         const std::string& body = {}) {
    const auto answer =
        client.ask(method, target, body.empty() ? "" : "Content-Type: application/json\r\n", body);
    return std::to_string(answer.status) + (answer.body.empty() ? "" : " " + answer.body);
  }
  SqlSession& sql() { return server_.sql(); }
  std::uint16_t port() const { return server_.port(); }
  ServerProcess& server() { return server_.server(); }

 private:
  ResourceServer start(const std::string& toml, const std::vector<std::string>& flags);

  TemporaryDirectory folder_;
  ResourceServer server_;
};

std::vector<std::string> with_file(const TemporaryDirectory& folder, const std::string& toml,
                                   std::vector<std::string> flags) {
  const auto file = folder.path() / "queries.toml";
  std::ofstream(file) << toml;
  flags.insert(flags.end(), {"--resources", file.string()});
  return flags;
}

ResourceServer Queries::start(const std::string& toml, const std::vector<std::string>& flags) {
  return ResourceServer(tables_sql, with_file(folder_, toml, flags), "query_clerk");
}

std::string detail_of(const std::string& answer) {
  return std::string(json::parse(answer.substr(4)).at("detail").as_string());
}

}  // namespace

TEST_CASE("a query of the user's is an endpoint: an array, one object or 404, and what writes is POST",
          "[e2e]") {
  Queries queries(R"(
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
  Queries queries(R"(
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
  CHECK_THAT(client.ask("GET", "/person?id=x", wants_page).body, Contains("<h1>400 "));
  const auto index = json::parse(client.ask("GET", "/").body);
  CHECK(index.at("queries").at(0).at("path") == "/reports/named/");
  CHECK_THAT(client.ask("GET", "/", wants_page).body, Contains("<a href=\"/reports/named/\">named</a>"));
}

TEST_CASE("a call that is wrong is told what is wrong with it", "[e2e]") {
  Queries queries(R"(
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

namespace {

/// Twenty queries, and what their parameters may be in a query string.
const std::vector<std::pair<std::string, std::vector<std::string>>> twenty{
    {"SELECT id, name, born FROM people WHERE id = :a", {"a=%"}},
    {"SELECT p.id, b.name AS boss FROM people p LEFT JOIN people b ON b.id = p.boss WHERE p.id >= :a ORDER "
     "BY p.id DESC LIMIT 3",
     {"a=%"}},
    {"SELECT p.name, v.at, v.cost FROM people p JOIN visits v ON v.person = p.id WHERE p.id = :a ORDER BY "
     "v.at",
     {"a=%"}},
    {"SELECT count(*) AS n, sum(cost) AS total, avg(cost) AS mean FROM visits WHERE person = :a", {"a=%"}},
    {"SELECT person, count(*) AS n FROM visits WHERE cost > :a GROUP BY person HAVING count(*) > 3 ORDER BY "
     "2 DESC, 1",
     {"a=%"}},
    {"SELECT id, row_number() OVER (PARTITION BY mood ORDER BY born DESC) AS place FROM people WHERE id < :a "
     "ORDER BY id",
     {"a=%"}},
    {"SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN :b::int PRECEDING AND CURRENT ROW) AS s FROM people "
     "WHERE id < :a ORDER BY id",
     {"a=%", "b=%"}},
    {"WITH RECURSIVE up AS (SELECT id, boss FROM people WHERE id = :a UNION ALL SELECT p.id, p.boss FROM "
     "people p JOIN up ON p.id = up.boss) SELECT id FROM up",
     {"a=%"}},
    {"WITH v AS (SELECT * FROM visits WHERE person = :a) SELECT max(at) AS last, min(at) AS first FROM v",
     {"a=%"}},
    {"SELECT n, n * :a AS m FROM generate_series(1, :b) n", {"a=%", "b=%"}},
    {"SELECT unnest(ARRAY[:a::int, :b::int, NULL]) AS x", {"a=%", "b=%"}},
    {"SELECT id FROM people WHERE mood IS NOT DISTINCT FROM :m::mood ORDER BY id LIMIT 5",
     {"m=good", "m=bad", ""}},
    {"SELECT coalesce(:t::text, 'none') AS t, :t IS NULL AS absent", {"t=x", "t=", "t=%25%27%22", ""}},
    {"SELECT id FROM people WHERE id = ANY(string_to_array(:t, '-')::int[]) ORDER BY id",
     {"t=1-2-3", "t=60-1", "t=7"}},
    {"SELECT DISTINCT ON (name) name, id FROM people WHERE id > :a ORDER BY name, id DESC", {"a=%"}},
    {"SELECT id FROM people WHERE id < :a EXCEPT SELECT person FROM visits ORDER BY 1", {"a=%"}},
    {"SELECT p.id, x.at FROM people p, LATERAL (SELECT at FROM visits v WHERE v.person = p.id ORDER BY at "
     "DESC LIMIT :b) x WHERE p.id BETWEEN :a AND :a + 2 ORDER BY p.id, x.at",
     {"a=%", "b=%"}},
    {"SELECT id FROM people ORDER BY id OFFSET :a LIMIT :b", {"a=%", "b=%"}},
    {"VALUES (1, 'one'), (2, 'two')", {""}},
    {"SELECT json_agg(name ORDER BY id) AS names, array_agg(id ORDER BY id) AS ids, 1e3::real AS r, "
     "bool_or(id > :a) AS b FROM people WHERE id <= :b",
     {"a=%", "b=%"}},
};

/// Three paths for each: calls share a statement, are pipelined, or share it whatever it says.
std::string file_of_twenty() {
  std::string toml;
  for (std::size_t i = 0; i < twenty.size(); ++i) {
    for (const std::string how : {"auto", "never"}) {
      toml += "[query." + how + std::to_string(i) + "]\nsql = '''" + twenty[i].first + "'''\ncoalesce = \"" +
              how + "\"\n";
      for (const std::string name : {"m", "t"}) {
        if (twenty[i].first.find(":" + name) != std::string::npos)
          toml += "params." + name + ".optional = true\n";
      }
    }
  }
  return toml;
}

std::string random_call(std::mt19937_64& random, std::size_t query) {
  std::string text;
  const auto& forms = twenty[query].second;
  const bool numbers = forms.front().ends_with("=%");
  if (!numbers) return forms[random() % forms.size()];
  for (const auto& form : forms) {
    text += text.empty() ? "" : "&";
    text += form.substr(0, form.size() - 1) + std::to_string(random() % 12);
  }
  return text;
}

}  // namespace

TEST_CASE("calls of twenty queries get the same answers coalesced, pipelined and one at a time", "[e2e]") {
  const auto toml = file_of_twenty();
  Queries shared(toml, {"--pool-size", "1"});
  Queries alone(toml, {"--batching", "off"});
  constexpr int clients = 16, rounds = 12;
  const auto asked = in_parallel(clients, [&](int number) {
    std::mt19937_64 random(static_cast<unsigned>(number));
    HttpClient client(shared.port());
    std::vector<std::pair<std::string, std::string>> answers;
    for (int round = 0; round < rounds; ++round) {
      // All clients ask the same query at the same time, so that calls meet.
      for (std::size_t query = 0; query < twenty.size(); ++query) {
        const auto call = std::to_string(query) + "?" + random_call(random, query);
        for (const std::string how : {"/auto", "/never"})
          answers.emplace_back(call, Queries::ask(client, "GET", how + call));
      }
    }
    return answers;
  });
  std::size_t different = 0;
  HttpClient client(alone.port());
  for (const auto& answers : asked) {
    for (const auto& [call, answer] : answers) {
      const auto expected = Queries::ask(client, "GET", "/never" + call);
      if (expected == answer && expected.starts_with("200")) continue;
      ++different;
      CAPTURE(call, answer, expected);
      CHECK(expected == answer);
      CHECK(expected.starts_with("200"));
    }
  }
  CHECK(different == 0);
  const auto metrics = shared.ask("GET", "/metrics");
  for (std::size_t i = 0; i < twenty.size(); ++i) {
    const auto of = [&](const std::string& name) {
      return "troupe_query_coalesced{query=\"" + name + "\",why_not=\"";
    };
    CHECK_THAT(metrics, Contains(of("auto" + std::to_string(i)) + "\"} 1"));
    CHECK_THAT(metrics, Contains(of("never" + std::to_string(i)) + "coalesce = \\\"never\\\"\"} 0"));
  }
}

TEST_CASE("a parameter may be of any type, in a query string and in a body, alone and among others",
          "[e2e]") {
  // The type, a value as text, and as JSON shows it.
  const std::vector<std::array<std::string, 3>> types{
      {"boolean", "true", "true"},
      {"smallint", "-7", "-7"},
      {"integer", "2147483647", "2147483647"},
      {"bigint", "9223372036854775807", "9223372036854775807"},
      {"real", "1.5", "1.5"},
      {"double precision", "0.1", "0.1"},
      {"numeric", "12345678901234567890.10", "12345678901234567890.10"},
      {"numeric(6,2)", "1.25", "1.25"},
      {"text", "a'\"%\n\\b", R"("a'\"%\n\\b")"},
      {"varchar(5)", "😀", R"("😀")"},
      {"uuid", "00000000-0000-0000-0000-00000000000a", R"("00000000-0000-0000-0000-00000000000a")"},
      {"date", "2024-02-29", R"("2024-02-29")"},
      {"time", "12:30:00", R"("12:30:00")"},
      {"timestamp", "2026-11-26T12:30:00.5", R"("2026-11-26T12:30:00.5")"},
      {"timestamptz", "2026-11-26T12:30:00+02:00", R"("2026-11-26T10:30:00+00:00")"},
      {"interval", "PT2H", R"("02:00:00")"},
      {"jsonb", R"({"a":[1,null]})", R"({"a": [1, null]})"},
      {"bytea", "AP8=", R"("AP8=")"},
      {"mood", "bad", R"("bad")"},
      {"inet", "10.0.0.1", R"("10.0.0.1")"},
      {"int4range", "[1,3)", "\"[1,3)\""},
  };
  std::string toml;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto cast = "SELECT :x::" + types[i][0] + " AS x, :n::int AS n";
    toml += "[query.r" + std::to_string(i) + "]\nsql = '" + cast + "'\n[query.w" + std::to_string(i) +
            "]\nsql = '" + cast + "'\nwrite = true\n";
  }
  Queries queries(toml, {"--pool-size", "1"});
  const auto wrong = in_parallel(8, [&](int number) {
    HttpClient client(queries.port());
    std::string all;
    for (std::size_t i = 0; i < types.size(); ++i) {
      const auto& [type, given, shown] = types[i];
      const auto n = std::to_string(number);
      const auto expected = "200 [{\"x\":" + shown + ",\"n\":" + n + "}]";
      const auto read =
          Queries::ask(client, "GET", "/r" + std::to_string(i) + "?n=" + n + "&x=" + percent_encoded(given));
      const auto body = "{\"x\":" + shown + ",\"n\":" + n + "}";
      const auto written = Queries::ask(client, "POST", "/w" + std::to_string(i), body);
      if (read != expected) all += type + ": " + read + "\n";
      if (written != expected) all += type + ": " + written + "\n";
    }
    return all;
  });
  for (const auto& all : wrong) CHECK(all.empty());
  const auto metrics = queries.ask("GET", "/metrics");
  CHECK_THAT(metrics, Contains("{query=\"r0\",why_not=\"\"} 1"));
}

TEST_CASE("of calls that share a statement one that fails does not fail its neighbours", "[e2e]") {
  Queries queries("[query.share]\nsql = 'SELECT 100 / :parts AS share'\n", {"--pool-size", "1"});
  const auto answers = in_parallel(16, [&](int number) {
    HttpClient client(queries.port());
    std::string wrong;
    for (int i = 0; i < 40; ++i) {
      const int parts = (number + i) % 5;
      const auto answer = Queries::ask(client, "GET", "/share?parts=" + std::to_string(parts));
      const auto expected =
          parts == 0 ? std::string("422") : "200 [{\"share\":" + std::to_string(100 / parts) + "}]";
      if (!answer.starts_with(expected)) wrong += answer + "\n";
    }
    return wrong;
  });
  for (const auto& wrong : answers) CHECK(wrong.empty());
}

TEST_CASE("queries are in the OpenAPI document", "[e2e]") {
  Queries queries(R"toml(
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
  Queries queries(R"toml(
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
