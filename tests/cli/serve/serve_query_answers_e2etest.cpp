// Calls of queries get the same answers, however they are gathered.
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "helpers/http_client.hpp"
#include "helpers/parallel.hpp"
#include "helpers/query_server.hpp"

using namespace troupe::tests;
using Catch::Contains;

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
  QueryServer shared(toml, {"--pool-size", "1"});
  QueryServer alone(toml, {"--batching", "off"});
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
          answers.emplace_back(call, QueryServer::ask(client, "GET", how + call));
      }
    }
    return answers;
  });
  HttpClient client(alone.port());
  for (const auto& answers : asked) {
    for (const auto& [call, answer] : answers) {
      const auto expected = QueryServer::ask(client, "GET", "/never" + call);
      if (expected == answer && expected.starts_with("200")) continue;
      CAPTURE(call, answer, expected);
      CHECK(expected == answer);
      CHECK(expected.starts_with("200"));
    }
  }
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
  QueryServer queries(toml, {"--pool-size", "1"});
  const auto wrong = in_parallel(8, [&](int number) {
    HttpClient client(queries.port());
    std::string all;
    for (std::size_t i = 0; i < types.size(); ++i) {
      const auto& [type, given, shown] = types[i];
      const auto n = std::to_string(number);
      const auto expected = "200 [{\"x\":" + shown + ",\"n\":" + n + "}]";
      const auto read = QueryServer::ask(
          client, "GET", "/r" + std::to_string(i) + "?n=" + n + "&x=" + percent_encoded(given));
      const auto body = "{\"x\":" + shown + ",\"n\":" + n + "}";
      const auto written = QueryServer::ask(client, "POST", "/w" + std::to_string(i), body);
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
  QueryServer queries("[query.share]\nsql = 'SELECT 100 / :parts AS share'\n", {"--pool-size", "1"});
  const auto answers = in_parallel(16, [&](int number) {
    HttpClient client(queries.port());
    std::string wrong;
    for (int i = 0; i < 40; ++i) {
      const int parts = (number + i) % 5;
      const auto answer = QueryServer::ask(client, "GET", "/share?parts=" + std::to_string(parts));
      const auto expected =
          parts == 0 ? std::string("422") : "200 [{\"share\":" + std::to_string(100 / parts) + "}]";
      if (!answer.starts_with(expected)) wrong += answer + "\n";
    }
    return wrong;
  });
  for (const auto& wrong : answers) CHECK(wrong.empty());
}
