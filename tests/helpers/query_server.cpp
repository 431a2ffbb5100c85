#include "helpers/query_server.hpp"

#include <fstream>
#include <utility>

namespace troupe::tests {
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

}  // namespace

QueryServer::QueryServer(const std::string& toml, const std::vector<std::string>& flags)
    : server_(start(toml, flags)) {}

std::string QueryServer::ask(const std::string& method, const std::string& target, const std::string& body) {
  HttpClient client(port());
  return ask(client, method, target, body);
}

std::string QueryServer::ask(HttpClient& client, const std::string& method, const std::string& target,
                             const std::string& body) {
  const auto answer =
      client.ask(method, target, body.empty() ? "" : "Content-Type: application/json\r\n", body);
  return std::to_string(answer.status) + (answer.body.empty() ? "" : " " + answer.body);
}

ResourceServer QueryServer::start(const std::string& toml, std::vector<std::string> flags) {
  const auto file = folder_.path() / "queries.toml";
  std::ofstream(file) << toml;
  flags.insert(flags.end(), {"--resources", file.string()});
  return ResourceServer(tables_sql, flags, "query_clerk");
}

}  // namespace troupe::tests
