#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "cli/sweep/sweep_flags.hpp"
#include "support/settings.hpp"
#include "sweep/plan/grid.hpp"
#include "sweep/records/records.hpp"
#include "sweep/run/resource_database.hpp"

// Sweeps on tables of the user's own (--resources).

namespace troupe::cli {

/// Why the flags, the settings and the scenarios do not fit together; nothing when they do, with resources or
/// without.
std::optional<std::string> contradicts_resources(const SweepFlags& flags, const Settings& settings,
                                                 const sweep::Grid& grid);

/// Makes the copy, or takes the tables themselves, as the flags say. `connections`: of the largest pool;
/// `seed`: of made-up rows. Blocks.
Result<sweep::ResourceDatabase> open_resources(const SweepFlags& flags, const Settings& settings,
                                               const sweep::Grid& grid, std::size_t connections,
                                               std::uint64_t seed, std::ostream& out,
                                               const postgres::GiveUp& give_up);

/// Adds to a sweep's inputs what decides which tables and rows it works on: the resource file and the flags.
Result<void> add_resource_inputs(const SweepFlags& flags, const Settings& settings,
                                 std::map<std::string, sweep::Input>& inputs);
/// Back again, for a sweep that goes on.
void take_resource_inputs(const sweep::SweepInfo& info, SweepFlags& flags);

}  // namespace troupe::cli
