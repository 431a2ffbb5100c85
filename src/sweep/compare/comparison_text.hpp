#pragma once

#include <string>

#include "sweep/compare/comparison.hpp"

namespace troupe::sweep {

/// For people: a line per row, regressions beyond `tolerance` marked, then what only one side has and the
/// notes.
std::string text_table(const Comparison& comparison, double tolerance);

}  // namespace troupe::sweep
