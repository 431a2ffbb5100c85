#pragma once

#include <string>

#include "support/conninfo_secrets.hpp"
#include "support/settings_load.hpp"
#include "support/settings_table.hpp"

namespace troupe {

/// A setting's value as TOML writes it, a password in it left out.
std::string toml_value(const Setting& setting, const Settings& settings);

/// All settings as TOML that can be loaded again, each with its origin as a comment. A password in
/// database.url is left out.
std::string print_settings(const LoadedSettings& loaded);

}  // namespace troupe
