#pragma once

#include <string>

#include "sweep/summary.hpp"

namespace troupe::sweep {

/// What `troupe sweep` ends with: the fastest cells of each workload as a table, then the answer in words.
std::string text_summary(const Summary& summary);

}  // namespace troupe::sweep
