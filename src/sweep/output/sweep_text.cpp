#include "sweep/output/sweep_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "report/text_table.hpp"
#include "support/number_formats.hpp"

namespace troupe::sweep {
namespace {

// The report and results.csv have all of them.
constexpr std::size_t most_rows = 12;

std::string interval(const Estimate& estimate) {
  return std::isnan(estimate.low) ? "" : fmt::format("{}–{}", figure(estimate.low), figure(estimate.high));
}

std::string cells_table(const Summary& summary, const Workload& workload) {
  std::vector<const CellSummary*> cells;
  for (const auto& cell : summary.cells) {
    if (cell.cell.workload == workload) cells.push_back(&cell);
  }
  std::ranges::stable_sort(cells, std::ranges::greater{},
                           [](const auto* cell) { return cell->rate_per_s.median; });
  const bool with_cpus =
      std::ranges::any_of(cells, [](const auto* cell) { return cell->service_cpus.has_value(); });
  std::vector<std::string> titles{"Configuration", "Load", "good/s",    "95 % interval",
                                  "p50",           "p99",  "in flight", "errors"};
  if (with_cpus) titles.emplace_back("CPUs");
  report::TextTable table(2, titles);
  table.add_line();
  for (std::size_t i = 0; i < std::min(cells.size(), most_rows); ++i) {
    const auto& cell = *cells[i];
    std::vector<std::string> row{describe(cell.cell.configuration),
                                 describe(cell.cell.load),
                                 figure(cell.rate_per_s.median),
                                 interval(cell.rate_per_s),
                                 duration_us(cell.p50_us.median),
                                 duration_us(cell.p99_us.median),
                                 figure(cell.in_flight),
                                 percent(cell.error_rate)};
    if (with_cpus) row.push_back(cell.service_cpus ? figure(*cell.service_cpus) : "");
    table.add(std::move(row));
  }
  auto out = fmt::format("{}\n\n{}", describe(workload), table.str());
  if (cells.size() > most_rows) out += fmt::format("… and {} slower cells\n", cells.size() - most_rows);
  return out;
}

}  // namespace

std::string text_summary(const SweepInfo& info, const Summary& summary) {
  std::string out;
  for (const auto& recommendation : summary.recommendations) {
    out += cells_table(summary, recommendation.workload) + "\n";
    for (const auto& sentence : recommendation.words) out += sentence + "\n";
    out += "\n";
  }
  for (const auto& note : info.test_bed.notes) out += fmt::format("Note: {}\n", note);
  for (const auto& note : summary.notes) out += fmt::format("Note: {}\n", note);
  return out;
}

}  // namespace troupe::sweep
