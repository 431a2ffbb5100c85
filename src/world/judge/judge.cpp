#include "world/judge/judge.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "world/judge/judge_reads.hpp"
#include "world/judge/judge_writes.hpp"

namespace troupe::world {

std::vector<std::string> judge(const std::vector<WorldTable>& tables, const Timeline& timeline,
                               const std::vector<Exchange>& exchanges) {
  std::vector<const Exchange*> ordered;
  for (const auto& exchange : exchanges) ordered.push_back(&exchange);
  std::ranges::stable_sort(ordered, {}, [](const Exchange* one) { return one->answered.at; });
  std::vector<std::string> faults;
  WriteJudge writes(tables, timeline);
  for (const auto* exchange : ordered) {
    const auto& table = tables[exchange->asked.table];
    const auto fault =
        exchange->asked.changes() ? writes.fault_of(*exchange) : fault_of_read(table, timeline, *exchange);
    if (!fault.empty()) faults.push_back(fmt::format("{}: {}", to_text(*exchange, table.path()), fault));
  }
  for (auto& fault : writes.unclaimed(exchanges)) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace troupe::world
