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

std::vector<std::string> nothing_worked(const Decision& decision, std::span<const MeasuredCell> cells) {
  const MeasuredCell* closest = nullptr;
  for (const auto index : decision.cells) {
    const auto& cell = cells[index];
    if (!closest || cell.summary.error_rate < closest->summary.error_rate) closest = &cell;
  }
  const auto& least = closest->summary;
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

std::string run_this(const CellSummary& chosen, bool open) {
  const auto name = describe(chosen.cell.configuration);
  const auto load = describe(chosen.cell.load);
  if (open) {
    return fmt::format("Run {}: p99 {} at {} ({}), {} requests/s answered.", name,
                       duration_us(chosen.p99_us.median), load, interval(chosen.p99_us, duration_us),
                       figure(chosen.rate_per_s.median));
  }
  return fmt::format("Run {}: {} requests/s at {} ({}), p99 {}.", name, figure(chosen.rate_per_s.median),
                     load, interval(chosen.rate_per_s, figure), duration_us(chosen.p99_us.median));
}

std::string beside_the_best(const Decision& decision, std::span<const MeasuredCell> cells, bool open) {
  const auto& recommendation = decision.recommendation;
  if (decision.competitors == 1) {
    return decision.measured == 1 ? "It is the only configuration that was measured."
           : open                 ? "It is the only configuration that kept up with that rate."
                                  : "It is the only configuration that worked.";
  }
  if (recommendation.best_cell == recommendation.cheapest_cell) {
    return fmt::format("It is also the {} that was measured.", open ? "one with the lowest p99" : "fastest");
  }
  const auto& best = cells[recommendation.best_cell].summary;
  const auto at = best.cell.load == cells[recommendation.cheapest_cell].summary.cell.load
                      ? std::string()
                      : " at " + describe(best.cell.load);
  return fmt::format("It is the cheapest within {:.0f} % of the best, {}, which reached {}{}.", 100 * as_good,
                     describe(best.cell.configuration), reached(best, open), at);
}

std::string how_sure(const Decision& decision) {
  const auto& recommendation = decision.recommendation;
  if (std::isnan(recommendation.confidence)) {
    return fmt::format("How sure: cannot be told from {}; make {} repeats.",
                       decision.rounds < 2 ? "one repeat" : "so few rounds that both took part in",
                       recommendation.repeats_needed);
  }
  return fmt::format(
      "How sure: in {:.{}f} % of {} resamplings of the rounds nothing was more than {:.0f} % better.",
      100 * recommendation.confidence,
      recommendation.confidence > 0.99 && recommendation.confidence < 1 ? 1 : 0, grouped(resamplings),
      100 * as_good);
}

std::string too_noisy(const Decision& decision) {
  const auto& recommendation = decision.recommendation;
  return fmt::format(
      "How sure: not yet. The data are too noisy to tell it from its rivals: the ratio is known to ±{}; {} "
      "would do ({} made).",
      percent(decision.half_width), counted(recommendation.repeats_needed, "repeat"),
      decision.rounds == 1 ? "1 was" : fmt::format("{} were", decision.rounds));
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
  const bool open = cells[recommendation.cheapest_cell].open();
  std::vector<std::string> out{run_this(chosen, open), beside_the_best(decision, cells, open)};
  const bool told_apart = !recommendation.too_noisy && !std::isnan(recommendation.confidence);
  if (told_apart && chosen.cell.configuration.connections == 1 && decision.most_connections > 1) {
    out.push_back(
        fmt::format("pool size 1 is enough: up to {} connections made it less than {:.0f} % better.",
                    decision.most_connections, 100 * as_good));
  }
  out.push_back(fmt::format("What limits it: {}: {}.", name_of(recommendation.bottleneck.kind),
                            recommendation.bottleneck.evidence));
  if (auto law = littles_law(chosen); !law.empty()) out.push_back(std::move(law));
  if (const auto* curve = curve_of(chosen, curves); curve && curve->usl)
    out.push_back(sentence(curve->knee_note));
  if (recommendation.too_noisy) {
    out.push_back(too_noisy(decision));
  } else if (decision.competitors > 1) {
    out.push_back(how_sure(decision));
  }
  return out;
}

}  // namespace troupe::sweep
