#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/sweep/sweep_flags.hpp"
#include "support/settings.hpp"
#include "sweep/plan/grid.hpp"
#include "sweep/plan/spec.hpp"
#include "sweep/records/records.hpp"

// What is refused before a sweep begins or goes on. A text is the one line to tell.

namespace troupe::cli {

/// Flags that make no sense for any sweep.
std::optional<std::string> contradicts_sweep(const SweepFlags& flags);

/// Flags that would change what a sweep that goes on measures.
std::optional<std::string> contradicts_resume(const SweepFlags& flags);

/// Another machine or database than the sweep was begun with: repeats there cannot be compared.
std::optional<std::string> begun_elsewhere(const sweep::SweepInfo& info, const Settings& now);

/// The settings of the sweep's begin; where the database is comes from now, because records hold no password.
Result<Settings> settings_of(const sweep::SweepInfo& info, const Settings& now);

/// Why a sweep cannot go on with the scenarios and models as their files are now.
std::optional<std::string> other_inputs(const sweep::SweepInfo& info,
                                        const std::map<std::string, sweep::Input>& now);

/// A sweep of hours, which nobody may have meant, without --yes; and a budget too small for its coarse cells.
std::optional<std::string> takes_too_long(const sweep::Spec& spec, const sweep::Grid& grid,
                                          std::chrono::duration<double> expected, bool yes);

/// A cell that needs more open files than this process may have. Raises the limit first.
std::optional<std::string> needs_too_many_files(const sweep::Grid& grid);

}  // namespace troupe::cli
