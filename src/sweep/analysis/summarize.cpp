#include "sweep/analysis/summarize.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "support/number_formats.hpp"
#include "sweep/analysis/advice.hpp"
#include "sweep/analysis/bottleneck.hpp"
#include "sweep/analysis/curves.hpp"
#include "sweep/analysis/measured_cell.hpp"
#include "sweep/analysis/recommend.hpp"
#include "sweep/plan/goal.hpp"

namespace troupe::sweep {
namespace {

template <class Wanted>
std::uint64_t count_cells(const std::vector<MeasuredCell>& cells, Wanted wanted) {
  return static_cast<std::uint64_t>(std::count_if(
      cells.begin(), cells.end(), [&](const MeasuredCell& cell) { return wanted(cell.summary); }));
}

/// "3 of 40 cells"
std::string of_cells(std::uint64_t count, const std::vector<MeasuredCell>& cells) {
  return fmt::format("{} of {}", grouped(count), counted(cells.size(), "cell"));
}

std::vector<std::string> notes(const std::vector<MeasuredCell>& cells, std::uint64_t wanted_repeats) {
  if (cells.empty()) return {"Nothing was measured: there is not one finished repeat."};
  std::vector<std::string> out;
  const auto failing = count_cells(cells, [](const auto& cell) { return cell.error_rate > most_errors; });
  if (failing > 0) {
    out.push_back(
        fmt::format("{} failed more than {} of the requests: they are shown, but recommended "
                    "never and left out of USL and knee.",
                    of_cells(failing, cells), percent(most_errors)));
  }
  const auto saturated = count_cells(cells, [](const auto& cell) { return cell.saturated; });
  if (saturated > 0) {
    out.push_back(
        fmt::format("In {} the load generator was the bottleneck in a repeat or more: there the "
                    "server may be able to do more.",
                    of_cells(saturated, cells)));
  }
  const auto disturbed = count_cells(cells, [](const auto& cell) { return cell.disturbed > 0; });
  if (disturbed > 0) {
    out.push_back(fmt::format(
        "In {} other programs or a hypervisor took more than 5 % of the machine in a repeat or more.",
        of_cells(disturbed, cells)));
  }
  std::uint64_t most = wanted_repeats;
  for (const auto& cell : cells) most = std::max(most, cell.summary.repeats);
  const auto fewer = count_cells(cells, [&](const auto& cell) { return cell.repeats < most; });
  if (fewer > 0) {
    out.push_back(fmt::format("{} have fewer than {}: their intervals are wider.", of_cells(fewer, cells),
                              counted(most, "repeat")));
  }
  const auto single = count_cells(cells, [](const auto& cell) { return cell.repeats < 2; });
  if (single > 0) {
    out.push_back(fmt::format("{} have one repeat: how far to trust their figures cannot be told.",
                              of_cells(single, cells)));
  }
  return out;
}

std::vector<FailedCell> failed_cells(const Sweep& sweep, const std::vector<CellSummary>& measured) {
  std::map<Cell, std::string> failures;
  for (const auto& repeat : sweep.repeats)
    if (!repeat.failure.empty()) failures[repeat.cell] = repeat.failure;
  for (const auto& cell : measured) failures.erase(cell.cell);
  std::vector<FailedCell> out;
  for (auto& [cell, failure] : failures) out.push_back({cell, std::move(failure)});
  return out;
}

}  // namespace

Summary summarize(const Sweep& sweep) {
  const auto cells = measured_cells(sweep);
  Summary out;
  for (const auto& cell : cells) out.cells.push_back(cell.summary);
  out.failed = failed_cells(sweep, out.cells);
  out.curves = curves(cells, sweep.info.seed);
  std::optional<Goal> goal;
  if (sweep.info.goal) {
    if (const auto read = parse_goal(*sweep.info.goal); read) goal = *read;
  }
  for (auto& decision : decide(cells, goal, sweep.info)) {
    auto& recommendation = decision.recommendation;
    if (recommendation.cheapest)
      recommendation.bottleneck = bottleneck_of(cells[recommendation.cheapest_cell]);
    recommendation.words = advice(decision, cells, out.curves);
    out.recommendations.push_back(std::move(recommendation));
  }
  out.notes = notes(cells, sweep.info.repeats);
  for (const auto& [cell, failure] : out.failed)
    out.notes.push_back(fmt::format("Failed: {}: {}", describe(cell), failure));
  return out;
}

}  // namespace troupe::sweep
