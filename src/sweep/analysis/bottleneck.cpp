#include "sweep/analysis/bottleneck.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "support/number_formats.hpp"

namespace troupe::sweep {
namespace {

using sim::RequestStage;

constexpr double full_machine = 0.95;
constexpr double full_workers = 0.85;
/// Closed load: fewer requests under way than this share of the users, and most of them are pausing.
constexpr double few_under_way = 0.5;

double stage_us(const CellSummary& cell, RequestStage stage) {
  const auto found = std::find_if(cell.waterfall.begin(), cell.waterfall.end(),
                                  [&](const StageTime& time) { return time.stage == stage; });
  return found == cell.waterfall.end() || !std::isfinite(found->mean_us) ? 0 : found->mean_us;
}

double request_us(const CellSummary& cell) {
  double sum = 0;
  for (const auto& stage : cell.waterfall) sum += std::isfinite(stage.mean_us) ? stage.mean_us : 0;
  return sum;
}

double longest_stage_us(const CellSummary& cell) {
  double longest = 0;
  for (const auto& stage : cell.waterfall) longest = std::max(longest, stage_us(cell, stage.stage));
  return longest;
}

/// Of an outside service, whose inside nobody sees.
std::string outside_cpu_sentence(const CellSummary& cell) {
  std::string text;
  if (cell.service_cpus) text = fmt::format("the service used {} CPUs", figure(*cell.service_cpus));
  if (!std::isfinite(cell.machine_cpu))
    return text.empty() ? "nobody measured what the service used (--cpu-of)" : text;
  return text + fmt::format("{}the CPUs of this machine were busy {} of the time", text.empty() ? "" : ", ",
                            percent(cell.machine_cpu));
}

std::string cpu_sentence(const CellSummary& cell) {
  if (is_outside(cell.cell.configuration)) return outside_cpu_sentence(cell);
  auto text = fmt::format("the workers were busy {} of the time", percent(cell.worker_cpu));
  if (std::isfinite(cell.machine_cpu)) {
    text += fmt::format(", the machine's CPUs {}", percent(cell.machine_cpu));
  }
  return text;
}

std::string waits_sentence(const CellSummary& cell, double waiting_us, double sql_us) {
  return fmt::format(
      "of the {} that a request took in the server, {} was waiting for a connection and {} SQL",
      duration_us(request_us(cell)), duration_us(waiting_us), duration_us(sql_us));
}

bool users_pause(const CellSummary& cell) {
  return cell.cell.load.users > 0 &&
         cell.in_flight < few_under_way * static_cast<double>(cell.cell.load.users);
}

}  // namespace

Bottleneck bottleneck_of(const MeasuredCell& measured) {
  const auto& cell = measured.summary;
  if (cell.saturated) {
    return {
        BottleneckKind::load,
        "the load generator was the bottleneck, so the server may be able to do more; " + cpu_sentence(cell)};
  }
  if (cell.machine_cpu > full_machine) return {BottleneckKind::machine_cpu, cpu_sentence(cell)};
  if (cell.worker_cpu > full_workers) return {BottleneckKind::worker_cpu, cpu_sentence(cell)};
  if (kept_up(measured)) {
    return {BottleneckKind::load,
            fmt::format("{}/s were answered of {}: nothing in the server held it back, more was "
                        "not asked; {}",
                        figure(cell.rate_per_s.median), describe(cell.cell.load), cpu_sentence(cell))};
  }
  if (users_pause(cell)) {
    return {BottleneckKind::load,
            fmt::format("of {} only {} had a request under way on average; {}", describe(cell.cell.load),
                        figure(cell.in_flight), cpu_sentence(cell))};
  }
  const double waiting_us = stage_us(cell, RequestStage::pool);
  const double sql_us = stage_us(cell, RequestStage::sql);
  const auto waits = waits_sentence(cell, waiting_us, sql_us) + "; " + cpu_sentence(cell);
  const double mailbox_us = stage_us(cell, RequestStage::mailbox);
  if (mailbox_us > std::max(waiting_us, sql_us)) {
    return {BottleneckKind::actor,
            fmt::format("a request was in mailboxes for {}, longer than anywhere else; {}",
                        duration_us(mailbox_us), waits)};
  }
  if (waiting_us > sql_us) return {BottleneckKind::connection, waits};
  if (sql_us > 0 && sql_us >= longest_stage_us(cell)) return {BottleneckKind::postgresql, waits};
  const bool seen_inside = !cell.waterfall.empty() && !is_outside(cell.cell.configuration);
  return {BottleneckKind::not_known, seen_inside ? waits : cpu_sentence(cell)};
}

}  // namespace troupe::sweep
