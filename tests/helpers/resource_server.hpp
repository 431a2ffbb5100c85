#pragma once

#include <string>
#include <vector>

#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

namespace troupe::tests {

/// A fresh database with the tables that `sql` makes, and a server of all that have a primary key.
class ResourceServer {
 public:
  /// `user`: whom the server connects as, who may use the tables and owns none; empty: their owner, a
  /// superuser.
  explicit ResourceServer(const std::string& sql, const std::vector<std::string>& flags = {},
                          const std::string& user = {});

  SqlSession& sql() { return sql_; }
  ServerProcess& server() { return server_; }
  std::uint16_t port() const { return server_.port(); }

 private:
  Launch launch(const std::string& sql, const std::vector<std::string>& flags, const std::string& user);

  std::string conninfo_;
  SqlSession sql_;
  ServerProcess server_;
};

/// What stands for the text in a path segment or a query.
std::string percent_encoded(const std::string& text);

}  // namespace troupe::tests
