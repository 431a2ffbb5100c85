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

/// Since then nothing was broken: every request was answered, and the database was there.
std::vector<std::string> check_health(const LoadLog& log, const std::vector<WorldTable>& tables,
                                      TimePoint since);

/// Every request has an answer, or its connection has ended; none came later than the server promises.
std::vector<std::string> check_bounds(const LoadLog& log, const std::vector<WorldTable>& tables,
                                      const std::vector<std::unique_ptr<Client>>& clients,
                                      const ServerSettings& server);

/// Nothing is left over once all clients are gone.
std::vector<std::string> check_leaks(http::Connections& connections, const actors::DatabasePool& pool,
                                     const ModelledPostgres& postgres);

}  // namespace troupe::world
