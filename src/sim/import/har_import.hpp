#pragma once

#include <string>
#include <string_view>

#include "support/result.hpp"

namespace troupe::sim {

/// A scenario file for what a HAR file (1.2) recorded of its busiest server: requests that differ only in ids
/// are one task with those ids, as often as they were seen. No secret of the recording is in it. `source` is
/// told at its top. Pure. Error: one line, as the end of a sentence about the document.
Result<std::string> scenario_of_har(std::string_view document, std::string_view source);

}  // namespace troupe::sim
