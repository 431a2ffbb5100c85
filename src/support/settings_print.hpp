#pragma once

#include <string>
#include <string_view>

#include "support/settings_load.hpp"

namespace troupe {

/// All settings as TOML that can be loaded again, each with its origin as a comment. A password in
/// database.url is left out.
std::string print_settings(const LoadedSettings& loaded);

/// `url` without the password in its authority or its parameters: fit for logs.
std::string without_password(std::string_view url);

}  // namespace troupe
