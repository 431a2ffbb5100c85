#pragma once

#include <string_view>
#include <vector>

#include "support/settings_table.hpp"

namespace troupe {

/// The rows of what a server shows to browsers and to those who watch it: `[cors]`, `[admin]` and
/// `[access_log]`.
std::vector<Setting> exposure_rows();

/// An origin as browsers send it (RFC 6454 section 6.2): a scheme, a host and, where it is not the scheme's
/// own, a port, in small letters; nothing behind them.
bool is_origin(std::string_view text);

}  // namespace troupe
