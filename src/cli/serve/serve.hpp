#pragma once

#include <functional>

#include "support/result.hpp"
#include "support/settings_load.hpp"

namespace troupe::cli {

/// `troupe serve`: serves until SIGTERM or SIGINT. Returns the process's exit code (see ExitCode).
/// `load_again` is called at each SIGHUP, on another thread; what cannot be changed while serving is told.
int run_serve(const LoadedSettings& loaded, const std::function<Result<LoadedSettings>()>& load_again);

}  // namespace troupe::cli
