#pragma once

#include "support/settings_load.hpp"

namespace troupe::cli {

/// `troupe serve`: serves until SIGTERM or SIGINT. Returns the process's exit code (see ExitCode).
int run_serve(const LoadedSettings& loaded);

}  // namespace troupe::cli
