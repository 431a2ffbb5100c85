#pragma once

#include <vector>

#include "support/settings_table.hpp"

namespace troupe {

/// The rows of `[limits]`, for the table of settings.
std::vector<Setting> limit_rows();

}  // namespace troupe
