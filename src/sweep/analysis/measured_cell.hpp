#pragma once

#include <span>
#include <vector>

#include "sweep/analysis/summary.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// Beyond this share of failed requests a cell tells how fast the server refuses, not how fast it works.
constexpr double most_errors = 0.01;

/// A cell with its repeats at hand, by rising round. Its index in a list of them is the one in
/// Summary::cells.
struct MeasuredCell {
  CellSummary summary;
  std::vector<const Repeat*> repeats;

  bool open() const { return summary.cell.load.arrival_rate_per_s > 0; }
  bool works() const { return summary.rate_per_s.median > 0 && summary.error_rate <= most_errors; }
};

/// One value of each repeat.
template <class Value>
std::vector<double> column(const std::vector<const Repeat*>& repeats, Value value) {
  std::vector<double> out;
  for (const auto* repeat : repeats) out.push_back(value(*repeat));
  return out;
}

/// All cells of a sweep, in the order workload, configuration, load; settings that are numbers by their value
/// ("8" before "16"). They point into `sweep`.
std::vector<MeasuredCell> measured_cells(const Sweep& sweep);

/// Whether the server answered as many as arrived: 99 % of them.
bool kept_up(const MeasuredCell& cell);

}  // namespace troupe::sweep
