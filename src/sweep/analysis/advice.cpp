#include "sweep/analysis/advice.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "support/number_formats.hpp"

namespace troupe::sweep {
namespace {

std::string interval(const Estimate& estimate, std::string (*text)(double)) {
  if (!std::isfinite(estimate.low) || !std::isfinite(estimate.high)) return "no interval: one repeat";
  return fmt::format("95 % interval {}–{}", text(estimate.low), text(estimate.high));
}

/// What a configuration reached, by the goal.
std::string reached(const CellSummary& cell, bool open) {
  return open ? "p99 " + duration_us(cell.p99_us.median) : figure(cell.rate_per_s.median) + "/s";
}

/// The goal's closest: the cell that worked with the lowest p99.
std::vector<std::string> goal_missed(const Decision& decision, std::span<const MeasuredCell> cells) {
  const CellSummary* closest = nullptr;
  for (const auto index : decision.cells) {
    const auto& cell = cells[index];
    if (!cell.works()) continue;
    if (!closest || cell.summary.p99_us.median < closest->p99_us.median) closest = &cell.summary;
  }
  return {fmt::format("No configuration meets the goal, {}, in every round; the lowest p99 had {}: {} at {}.",
                      decision.recommendation.goal, describe(closest->cell.configuration),
                      duration_us(closest->p99_us.median), describe(closest->cell.load))};
}

std::vector<std::string> nothing_worked(const Decision& decision, std::span<const MeasuredCell> cells) {
  const MeasuredCell* closest = nullptr;
  for (const auto index : decision.cells) {
    const auto& cell = cells[index];
    if (!closest || cell.summary.error_rate < closest->summary.error_rate) closest = &cell;
  }
  const auto& least = closest->summary;
  if (decision.goal_missed) return goal_missed(decision, cells);
  if (closest->open() && closest->works()) {
    return {fmt::format(
        "No configuration kept up with any of the arrival rates: {} answered {}/s of {}. Sweep "
        "lower arrival rates.",
        describe(least.cell.configuration), figure(least.rate_per_s.median), describe(least.cell.load))};
  }
  if (least.error_rate <= most_errors) return {"No configuration worked: none answered a single request."};
  return {
      fmt::format("No configuration worked: every cell failed more than {} of its requests; the fewest, {}, "
                  "failed with {} at {}.",
                  percent(most_errors), percent(least.error_rate), describe(least.cell.configuration),
                  describe(least.cell.load))};
}

std::string run_this(const Recommendation& recommendation, const CellSummary& chosen, bool by_p99) {
  const auto name = describe(chosen.cell.configuration);
  const auto load = describe(chosen.cell.load);
  const auto& expected = recommendation.expected;
  if (by_p99) {
    return fmt::format("Run {}: p99 {} at {} ({}), {} requests/s answered.", name,
                       duration_us(expected.median), load, interval(expected, duration_us),
                       figure(chosen.rate_per_s.median));
  }
  return fmt::format("Run {}: {} requests/s at {} ({}), p99 {}.", name, figure(expected.median), load,
                     interval(expected, figure), duration_us(chosen.p99_us.median));
}

std::string beside_the_best(const Decision& decision, std::span<const MeasuredCell> cells) {
  const auto& recommendation = decision.recommendation;
  const bool by_p99 = decision.by_p99;
  const bool with_goal = recommendation.goal.starts_with("rate while");
  if (decision.competitors == 1) {
    return decision.measured == 1 ? "It is the only configuration that was measured."
           : by_p99               ? "It is the only configuration that kept up with that rate."
           : with_goal            ? "It is the only configuration that met the goal."
                                  : "It is the only configuration that worked.";
  }
  if (recommendation.best_cell == recommendation.cheapest_cell) {
    return fmt::format("It is also the {} that was measured{}.",
                       by_p99 ? "one with the lowest p99" : "fastest", with_goal ? " and met the goal" : "");
  }
  const auto& best = cells[recommendation.best_cell].summary;
  const auto at = best.cell.load == cells[recommendation.cheapest_cell].summary.cell.load
                      ? std::string()
                      : " at " + describe(best.cell.load);
  const auto by = decision.cost_axes.empty()
                      ? std::string()
                      : fmt::format(" (by {})", fmt::join(decision.cost_axes, ", then "));
  return fmt::format("It is the cheapest{} within {:.0f} % of the best, {}, which reached {}{}.", by,
                     100 * as_good, describe(best.cell.configuration), reached(best, by_p99), at);
}

/// "at most 4.0 % slower than the best of all that were measured (95 %)"
std::string at_most(const Decision& decision) {
  const double regret = decision.recommendation.regret;
  if (regret == 0) return "nothing that was measured is better (95 %)";
  return fmt::format("{} than the best of all that were measured (95 %)",
                     decision.by_p99 ? fmt::format("its p99 is at most {} higher", percent(regret))
                                     : fmt::format("it is at most {} slower", percent(regret)));
}

std::string how_sure(const Decision& decision) {
  const auto& recommendation = decision.recommendation;
  const auto repeats = counted(recommendation.repeats_needed, "repeat");
  if (std::isnan(recommendation.regret)) {
    return fmt::format("How sure: cannot be told from {}; make {}.",
                       decision.rounds < 2 ? "one repeat" : "so few rounds that both took part in", repeats);
  }
  if (recommendation.too_noisy) {
    return fmt::format(
        "How sure: not yet. The data are too noisy to tell it from its rivals: {}; {} would do "
        "({} made).",
        at_most(decision), repeats, decision.rounds == 1 ? "1 was" : fmt::format("{} were", decision.rounds));
  }
  if (recommendation.alike) {
    return fmt::format(
        "How sure: any of {} will do, because no difference between them shows; {}. {} would tell "
        "to {:.0f} %.",
        counted(recommendation.contenders, "configuration"), at_most(decision), repeats, 100 * as_good);
  }
  return fmt::format("How sure: {}.", at_most(decision));
}

/// Statements under way: commands under way by Little's law, less what shares a statement.
std::string littles_law(const CellSummary& cell) {
  const auto sql = std::find_if(cell.waterfall.begin(), cell.waterfall.end(),
                                [](const StageTime& time) { return time.stage == sim::RequestStage::sql; });
  if (sql == cell.waterfall.end() || !(sql->mean_us > 0)) return {};
  const double commands = cell.rate_per_s.median * sql->mean_us / 1e6;
  auto text = fmt::format("Little's law: {}/s × {} of SQL = {} commands at PostgreSQL on average",
                          figure(cell.rate_per_s.median), duration_us(sql->mean_us), figure(commands));
  if (cell.rows_per_statement > 1.05) {
    text += fmt::format(", {} to a statement: {} statements", figure(cell.rows_per_statement),
                        figure(commands / cell.rows_per_statement));
  }
  return text + fmt::format(", over {}.", counted(cell.cell.configuration.connections, "connection"));
}

std::string what_service_used(const CellSummary& cell) {
  if (!cell.service_cpus || !(cell.rate_per_s.median > 0)) return {};
  return fmt::format("The service used {} CPUs, {} of CPU time to a good answer.", figure(*cell.service_cpus),
                     duration_us(*cell.service_cpus / cell.rate_per_s.median * 1e6));
}

const Curve* curve_of(const CellSummary& cell, std::span<const Curve> curves) {
  const auto found = std::find_if(curves.begin(), curves.end(), [&](const Curve& curve) {
    return curve.workload == cell.cell.workload && curve.configuration == cell.cell.configuration;
  });
  return found == curves.end() ? nullptr : &*found;
}

std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text.empty() || text.ends_with('.') ? text : text + ".";
}

}  // namespace

std::vector<std::string> advice(const Decision& decision, std::span<const MeasuredCell> cells,
                                std::span<const Curve> curves) {
  const auto& recommendation = decision.recommendation;
  if (!recommendation.cheapest) return nothing_worked(decision, cells);
  const auto& chosen = cells[recommendation.cheapest_cell].summary;
  std::vector<std::string> out{run_this(recommendation, chosen, decision.by_p99),
                               beside_the_best(decision, cells)};
  const bool told_apart = !recommendation.too_noisy && !std::isnan(recommendation.regret);
  if (told_apart && chosen.cell.configuration.connections == 1 && decision.most_connections > 1) {
    out.push_back(fmt::format("pool size 1 is enough: up to {} connections made it less than {} better.",
                              decision.most_connections, percent(std::max(as_good, recommendation.regret))));
  }
  out.push_back(fmt::format("What limits it: {}: {}.", name_of(recommendation.bottleneck.kind),
                            recommendation.bottleneck.evidence));
  if (auto used = what_service_used(chosen); !used.empty()) out.push_back(std::move(used));
  if (auto law = littles_law(chosen); !law.empty()) out.push_back(std::move(law));
  if (const auto* curve = curve_of(chosen, curves); curve && curve->usl)
    out.push_back(sentence(curve->knee_note));
  if (decision.competitors > 1) out.push_back(how_sure(decision));
  return out;
}

}  // namespace troupe::sweep
