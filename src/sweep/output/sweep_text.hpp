#pragma once

#include <string>

#include "sweep/analysis/summary.hpp"

namespace troupe::sweep {

/// What `troupe sweep` ends with: the fastest cells of each workload as a table, the answer in words, then
/// all notes.
std::string text_summary(const SweepInfo& info, const Summary& summary);

}  // namespace troupe::sweep
