#include "helpers/sql_session.hpp"

#include <stdexcept>

namespace troupe::tests {

SqlSession::SqlSession(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str()), &PQfinish) {
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(connection_.get()));
}

std::vector<std::vector<std::string>> SqlSession::run(const std::string& sql) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection_.get(), sql.c_str()),
                                                             &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(sql + ": " + PQerrorMessage(connection_.get()));
  }
  std::vector<std::vector<std::string>> rows(static_cast<std::size_t>(PQntuples(result.get())));
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      const bool null = PQgetisnull(result.get(), row, column) != 0;
      rows[static_cast<std::size_t>(row)].emplace_back(null ? "NULL" : PQgetvalue(result.get(), row, column));
    }
  }
  return rows;
}

namespace {

/// The last value of a key; empty when there is none.
std::string value_of(const std::string& conninfo, const std::string& key) {
  const auto at = conninfo.rfind(key + "=");
  if (at == std::string::npos) return {};
  const auto begin = at + key.size() + 1;
  return conninfo.substr(begin, conninfo.find(' ', begin) - begin);
}

}  // namespace

void make_clerk(SqlSession& sql, const std::string& user) {
  sql.run("DO $$BEGIN CREATE ROLE " + user + " LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$; " +
          "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + user +
          "; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO " + user);
}

std::string url_of(const std::string& conninfo) {
  std::string host;
  for (const char c : value_of(conninfo, "host")) host += c == '/' ? std::string("%2F") : std::string(1, c);
  const auto database = value_of(conninfo, "dbname");
  return "postgresql:///" + database + "?host=" + host + "&port=5432&user=postgres";
}

}  // namespace troupe::tests
