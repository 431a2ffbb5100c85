#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "helpers/http_client.hpp"
#include "helpers/processes.hpp"
#include "helpers/resource_server.hpp"
#include "helpers/server_process.hpp"

namespace troupe::tests {

/// A server of the queries that a resource file has, over tables of people and their visits.
class QueryServer {
 public:
  explicit QueryServer(const std::string& toml, const std::vector<std::string>& flags = {});

  /// "200 […]", on a connection of its own: an idle one would be closed meanwhile.
  std::string ask(const std::string& method, const std::string& target, const std::string& body = {});
  static std::string ask(HttpClient& client, const std::string& method, const std::string& target,
                         const std::string& body = {});

  SqlSession& sql() { return server_.sql(); }
  ServerProcess& server() { return server_.server(); }
  std::uint16_t port() const { return server_.port(); }

 private:
  ResourceServer start(const std::string& toml, std::vector<std::string> flags);

  TemporaryDirectory folder_;
  ResourceServer server_;
};

}  // namespace troupe::tests
