#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

namespace troupe::tests {

/// A plain libpq session, as psql has one: what the tests see and do behind the server's back. Throws on any
/// error.
class SqlSession {
 public:
  explicit SqlSession(const std::string& conninfo);

  /// The rows of the last statement in `sql`, as text; NULL is "NULL".
  std::vector<std::vector<std::string>> run(const std::string& sql);
  /// Its single value.
  std::string value(const std::string& sql) { return run(sql).at(0).at(0); }

 private:
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

/// Lets `user`, who is made if need be and is no superuser, use all tables and functions that there are.
void make_clerk(SqlSession& sql, const std::string& user);

/// A libpq connection string of the embedded cluster's form as the URL --database-url takes.
std::string url_of(const std::string& conninfo);

}  // namespace troupe::tests
