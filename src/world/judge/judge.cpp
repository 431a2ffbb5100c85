#include "world/judge/judge.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <utility>

#include "world/judge/judge_reads.hpp"
#include "world/judge/judge_writes.hpp"

namespace troupe::world {
namespace {

/// A client's requests are carried out one after the other, also when they are sent at once: none begins
/// before the writes in front of it were committed.
std::vector<Exchange> in_program_order(const std::vector<Exchange>& exchanges, const WriteJudge& writes) {
  auto ordered = exchanges;
  std::map<std::size_t, TimePoint> earliest;  // by client
  for (auto& exchange : ordered) {
    auto& begin = earliest.try_emplace(exchange.asked.client, TimePoint::min()).first->second;
    exchange.asked.sent = std::max(exchange.asked.sent, begin);
    if (exchange.done()) begin = std::max(begin, writes.committed(exchange) + Duration(1));
  }
  return ordered;
}

}  // namespace

std::vector<std::string> judge(const std::vector<WorldTable>& tables, const Timeline& timeline,
                               const std::vector<Exchange>& exchanges) {
  WriteJudge writes(tables, timeline);
  auto ordered = in_program_order(exchanges, writes);
  // Removals that demanded a version come first: for them only one of the table's removals will do.
  const auto rank = [](const Exchange& one) {
    return std::pair(!(one.asked.deed == Deed::remove && one.asked.if_mark), one.answered.at);
  };
  std::ranges::stable_sort(ordered, {}, rank);
  std::vector<std::string> faults;
  for (const auto& exchange : ordered) {
    const auto& table = tables[exchange.asked.table];
    const auto fault =
        exchange.asked.changes() ? writes.fault_of(exchange) : fault_of_read(table, timeline, exchange);
    if (!fault.empty()) faults.push_back(fmt::format("{}: {}", to_text(exchange, table.path()), fault));
  }
  for (auto& fault : writes.unclaimed(exchanges)) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace troupe::world
