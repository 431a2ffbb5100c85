#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "support/result.hpp"

namespace troupe::sweep {

/// Whether a server lets so many connections be opened beside those that there are. Error: invalid_argument
/// when it does not. Blocks, `timeout` at most per step.
Result<void> check_connections(const std::string& conninfo, std::chrono::milliseconds timeout,
                               std::size_t wanted);

}  // namespace troupe::sweep
