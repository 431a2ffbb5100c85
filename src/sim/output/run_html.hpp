#pragma once

#include <string>

#include "sim/result/results.hpp"

namespace troupe::sim {

/// One HTML file that works offline: what was run, verdict, figures, charts and tables, for a screen, a phone
/// and paper. It holds the whole result as JSON in the element with the id "data".
std::string html_report(const RunResult& result);

}  // namespace troupe::sim
