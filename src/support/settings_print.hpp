#pragma once

#include <string>

#include "support/conninfo_secrets.hpp"
#include "support/settings_load.hpp"

namespace troupe {

/// All settings as TOML that can be loaded again, each with its origin as a comment. A password in
/// database.url is left out.
std::string print_settings(const LoadedSettings& loaded);

}  // namespace troupe
