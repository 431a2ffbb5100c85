#pragma once

#include <optional>
#include <string>

#include "cli/sweep_flags.hpp"
#include "support/settings.hpp"
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

}  // namespace troupe::cli
