#pragma once

#include <chrono>
#include <map>
#include <string>

#include "support/result.hpp"

namespace troupe::postgres {

/// What decides the speed of a PostgreSQL server, as it says itself.
struct ServerFacts {
  std::string version;                          ///< "15.14 (Debian 15.14-0+deb12u1)"
  std::map<std::string, std::string> settings;  ///< as SHOW prints them: "128MB", "on"
};

/// Asks over a connection of its own, which is closed again. Blocks, `timeout` at most per step; for
/// start-up.
Result<ServerFacts> read_server_facts(const std::string& conninfo, std::chrono::milliseconds timeout);

}  // namespace troupe::postgres
