#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "actors/database/database_pool.hpp"
#include "actors/runtime/runtime.hpp"
#include "postgres/catalogue/served_resource.hpp"
#include "postgres/database.hpp"
#include "sim/material/material.hpp"
#include "stand_in/stand_in.hpp"
#include "support/settings.hpp"

namespace troupe::harness {

/// A database for servers of our own.
struct PoolSource {
  /// Makes the pool of a server, as large as the settings say. Called once for each server that is started.
  std::function<std::shared_ptr<actors::DatabasePool>(actors::Runtime&, const Settings&)> make;
  postgres::Served served;  ///< from it
  std::string conninfo{};   ///< of the PostgreSQL; empty: it is none
};

/// Database actors with connections to `database`, which must outlive what is returned and every pool of it.
PoolSource database_pool(const postgres::Database& database);

/// Stand-ins. The same `seed` gives each pool the same service times.
PoolSource stand_in_pool(const stand_in::StandIn& stand_in, std::uint64_t seed);

/// What a scenario's tasks work with there. Blocks: looks at the rows that exist, where tasks must know them,
/// with `timeout` for each look. Errors: one line about the scenario (invalid_argument), or the database's.
Result<std::shared_ptr<const sim::Material>> make_material(const PoolSource& source,
                                                           const sim::Scenario& scenario, std::uint64_t seed,
                                                           std::chrono::milliseconds timeout);

}  // namespace troupe::harness
