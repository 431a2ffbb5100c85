#pragma once

#include <string>
#include <string_view>

#include "support/result.hpp"

namespace troupe::sim {

/// A scenario file for the operations of an OpenAPI document (3.0 or 3.1, JSON): reads and writes as tasks,
/// ids of what each user makes at its start, the login if there is one. `source` is told at its top. Pure.
/// Error: one line, as the end of a sentence about the document.
Result<std::string> scenario_of_openapi(std::string_view document, std::string_view source);

}  // namespace troupe::sim
