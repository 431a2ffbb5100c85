#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/database/database_pool.hpp"
#include "actors/runtime/runtime.hpp"
#include "http/server/connections.hpp"
#include "support/settings.hpp"
#include "world/load/client.hpp"
#include "world/load/load_log.hpp"
#include "world/postgres/modelled_postgres.hpp"
#include "world/tables/world_table.hpp"

namespace troupe::world {

// What must be so at the end of a world, beside what clients were told: one line for each thing that is
// wrong.

/// Between these moments nothing was broken: the database was there, and nobody waited for it in vain.
std::vector<std::string> check_health(const LoadLog& log, const std::vector<WorldTable>& tables,
                                      const ServerSettings& server, TimePoint from, TimePoint until);

/// No connection was closed with a request under way, unless the client did something to it. Until the server
/// was told to end: then it answers what it has read, and what was pipelined behind that is the client's to
/// ask again (RFC 9112 section 9.6).
std::vector<std::string> check_drops(const LoadLog& log, const std::vector<WorldTable>& tables,
                                     const http::ServerContext& server, TimePoint until);

/// Every request has an answer, or its connection has ended; none came later than the server promises.
std::vector<std::string> check_bounds(const LoadLog& log, const std::vector<WorldTable>& tables,
                                      const std::vector<std::unique_ptr<Client>>& clients,
                                      const ServerSettings& server);

/// Nothing is left over once all clients are gone. `stopped`: nor a connection to the database.
std::vector<std::string> check_leaks(http::Connections& connections, const actors::DatabasePool& pool,
                                     const ModelledPostgres& postgres, bool stopped);

}  // namespace troupe::world
