#pragma once

#include <string>

#include "sweep/analysis/summary.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// One HTML file that works offline: the answer in words, heat maps, curves, waterfalls and tables, for a
/// screen, a phone and paper. It holds the sweep's info and the summary as JSON in the element with the id
/// "data".
std::string html_report(const Sweep& sweep, const Summary& summary);

}  // namespace troupe::sweep
