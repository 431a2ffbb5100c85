#pragma once

#include <chrono>
#include <string>

#include "support/result.hpp"

namespace troupe::postgres {

/// Removes a table (its name quoted, ready for SQL) that this program has made for itself. Blocks, `timeout`
/// at most per step.
Result<void> drop_table(const std::string& conninfo, const std::string& table,
                        std::chrono::milliseconds timeout);

}  // namespace troupe::postgres
