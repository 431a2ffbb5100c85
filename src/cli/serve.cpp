#include "cli/serve.hpp"

#include <spdlog/spdlog.h>

#include "cli/cli.hpp"

namespace troupe::cli {

int run_serve(const LoadedSettings& loaded) {
  spdlog::error("serving {}:{} is not wired up yet", loaded.settings.server.host,
                loaded.settings.server.port);
  return exit_failure;
}

}  // namespace troupe::cli
