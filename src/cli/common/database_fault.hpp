#pragma once

#include "support/result.hpp"
#include "support/settings_load.hpp"

namespace troupe::cli {

/// What a command would do if nobody had named a PostgreSQL.
enum class Without { brings_its_own, cannot_run };

/// Prints why the PostgreSQL that the settings name cannot be used, and returns the exit code. Where it is
/// not there, the line says who named it, which may be a forgotten variable.
int database_fault(const Error& error, const LoadedSettings& loaded, Without without);

}  // namespace troupe::cli
