#pragma once

#include "postgres/database.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"
#include "sweep/plan/grid.hpp"
#include "sweep/plan/spec.hpp"
#include "sweep/records/records.hpp"

namespace troupe::cli {

/// What a new sweep records of its plan, its settings and its surroundings. `database`: null for a stand-in.
/// Asks PostgreSQL, on a connection of its own.
Result<sweep::SweepInfo> begin_info(const sweep::Spec& spec, const sweep::Grid& grid,
                                    const Settings& settings, const postgres::Database* database);

/// A sweep that goes on must find the PostgreSQL that it began with; else invalid_argument.
Result<void> check_version(const sweep::SweepInfo& began, const postgres::Database& database,
                           const Settings& settings);

}  // namespace troupe::cli
