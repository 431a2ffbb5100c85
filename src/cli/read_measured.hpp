#pragma once

#include <string>
#include <variant>

#include "sim/result/results.hpp"
#include "support/result.hpp"
#include "sweep/records/records.hpp"

namespace troupe::cli {

/// What a path given to `report` or `compare` can hold.
using Measured = std::variant<sweep::Sweep, sim::RunResult>;

/// Reads a sweep's directory, or the file of a run. Every Error is one line that names the path.
Result<Measured> read_measured(const std::string& path);

}  // namespace troupe::cli
