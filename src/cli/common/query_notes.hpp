#pragma once

#include <string>

#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::cli {

/// A line of comment for each query of the resource file that the settings name: whether its calls share a
/// statement, and why not. Asks the database at database.url; an embedded one, which does not run, is not
/// asked. Blocks. Error: invalid_argument for a fault of the file; anything else: the database is away.
Result<std::string> query_notes(const DatabaseSettings& settings);

}  // namespace troupe::cli
