// How a configuration is chosen, per workload:
//
//   cells         those that worked, kept up and met the goal become
//     └─> entrants    each with a score per round: log rate, or −log p99
//           └─> contest   contest.hpp: the best, and the cheapest that is as good
//                 └─> winner    winner.hpp: what that one is to be expected to reach, and how far
//                               it may be from the best of all
#include "sweep/analysis/recommend.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "support/distributions.hpp"
#include "support/parse.hpp"
#include "sweep/analysis/statistics.hpp"
#include "sweep/analysis/winner.hpp"

namespace troupe::sweep {
namespace {

/// Alike or not, what may lie so far behind the best is no answer.
constexpr double too_far = 0.25;

/// A log score, more is better. Latencies below the clock's step count as half of it.
double score_of(const Repeat& repeat, bool by_p99) {
  return by_p99 ? -std::log(std::max(static_cast<double>(repeat.p99.count()), 0.5))
                : std::log(repeat.rate_per_s);
}

bool met(const MeasuredCell& cell, const Goal& goal) {
  return std::ranges::all_of(cell.repeats, [&](const Repeat* repeat) { return meets(goal, *repeat); });
}

/// The cells that are in the running.
std::vector<std::size_t> admitted(std::span<const MeasuredCell> cells, std::span<const std::size_t> indices,
                                  const std::optional<Goal>& goal, bool by_p99) {
  double highest = 0;
  for (const auto index : indices) {
    if (by_p99 && kept_up(cells[index])) {
      highest = std::max(highest, cells[index].summary.cell.load.arrival_rate_per_s);
    }
  }
  std::vector<std::size_t> out;
  for (const auto index : indices) {
    const auto& cell = cells[index];
    const bool in = by_p99 ? cell.summary.cell.load.arrival_rate_per_s == highest && kept_up(cell)
                           : cell.works() && (!goal || met(cell, *goal));
    if (in) out.push_back(index);
  }
  return out;
}

std::vector<Entrant> entrants_of(std::span<const MeasuredCell> cells, std::span<const std::size_t> admitted,
                                 bool by_p99, const SweepInfo& info) {
  std::map<Configuration, std::size_t> numbers;
  std::vector<Entrant> out;
  for (const auto index : admitted) {
    const auto& configuration = cells[index].summary.cell.configuration;
    const auto number = numbers.emplace(configuration, numbers.size()).first->second;
    Entrant entrant{
        index, number, configuration.connections, configuration.workers, {}, sizes_of(configuration, info)};
    for (const auto* repeat : cells[index].repeats) {
      if (by_p99 || repeat->rate_per_s > 0) entrant.scores[repeat->round] = score_of(*repeat, by_p99);
    }
    out.push_back(std::move(entrant));
  }
  return out;
}

/// A log score as what was measured: a rate, or µs, of which less is better.
Estimate as_measured(const Estimate& score, bool by_p99) {
  return by_p99 ? Estimate{std::exp(-score.median), std::exp(-score.high), std::exp(-score.low)}
                : Estimate{std::exp(score.median), std::exp(score.low), std::exp(score.high)};
}

/// The chosen one's score over the best one's, in the rounds both took part in.
Estimate ratio_of(std::span<const Entrant> entrants, const Choice& choice, bool by_p99) {
  if (choice.best == choice.cheapest) return {1, 1, 1};
  const auto rounds = rounds_of(entrants);
  const auto ratio = paired_ratio(log_ratios(entrants[choice.cheapest], entrants[choice.best], rounds)).ratio;
  return by_p99 ? Estimate{1 / ratio.median, 1 / ratio.high, 1 / ratio.low} : ratio;
}

void tell_how_sure(Decision& decision, std::span<const Entrant> entrants, const Choice& choice) {
  auto& out = decision.recommendation;
  const auto regret = regret_of(entrants, choice.cheapest);
  out.contenders = regret.contenders;
  if (std::isnan(regret.most)) {
    constexpr std::uint64_t fewest = 3;
    out.repeats_needed = std::max(fewest, decision.rounds + 1);
    return;
  }
  out.regret = decision.by_p99 ? std::expm1(regret.most) : -std::expm1(-regret.most);
  if (out.regret <= as_good) return;
  out.alike = regret.alike && out.regret <= too_far;
  out.too_noisy = !out.alike;
  out.repeats_needed = regret.repeats_needed;
}

void fill_in(Decision& decision, std::span<const MeasuredCell> cells, std::span<const Entrant> entrants,
             std::uint64_t seed) {
  auto& out = decision.recommendation;
  const auto rounds = rounds_of(entrants);
  const auto choice = choose(entrants, rounds);
  if (!choice) return;
  out.best_cell = entrants[choice->best].cell;
  out.cheapest_cell = entrants[choice->cheapest].cell;
  out.load = cells[out.best_cell].summary.cell.load;
  out.best = cells[out.best_cell].summary.cell.configuration;
  out.cheapest = cells[out.cheapest_cell].summary.cell.configuration;
  out.ratio = ratio_of(entrants, *choice, decision.by_p99);
  const auto& chosen = cells[out.cheapest_cell].summary;
  out.expected = as_measured(expected_score(entrants, seed), decision.by_p99);
  if (std::isnan(out.expected.median)) out.expected = decision.by_p99 ? chosen.p99_us : chosen.rate_per_s;
  decision.rounds = std::min(cells[out.best_cell].summary.repeats, chosen.repeats);
  decision.competitors = peaks(entrants, rounds).size();
  for (const auto& entrant : entrants) {
    decision.most_connections = std::max(decision.most_connections, entrant.connections);
  }
  if (decision.competitors > 1) tell_how_sure(decision, entrants, *choice);
}

std::uint64_t count_configurations(std::span<const MeasuredCell> cells,
                                   std::span<const std::size_t> indices) {
  std::map<Configuration, bool> out;
  for (const auto index : indices) out[cells[index].summary.cell.configuration] = true;
  return out.size();
}

std::vector<std::string> cost_axes_of(const SweepInfo& info) {
  std::vector<std::string> names;
  if (!info.service) return names;
  for (const auto& axis : info.service->axes) {
    const auto given = info.axes.find(axis);
    if (given != info.axes.end() && given->second.size() > 1) names.push_back(short_name(axis));
  }
  return names;
}

}  // namespace

std::vector<double> sizes_of(const Configuration& configuration, const SweepInfo& info) {
  std::vector<double> sizes;
  if (!info.service) return sizes;
  for (const auto& axis : info.service->axes) {
    const auto value = configuration.settings.find(axis);
    const auto given = info.axes.find(axis);
    if (value == configuration.settings.end() || given == info.axes.end()) continue;
    const auto& values = given->second;
    const bool numbers =
        std::ranges::all_of(values, [](const auto& text) { return parse_number(text).has_value(); });
    const auto place = std::ranges::find(values, value->second) - values.begin();
    sizes.push_back(numbers ? parse_number(value->second).value() : static_cast<double>(place));
  }
  return sizes;
}

std::vector<Decision> decide(std::span<const MeasuredCell> cells, const std::optional<Goal>& goal,
                             const SweepInfo& info) {
  std::map<std::pair<Workload, bool>, std::vector<std::size_t>> contests;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    contests[{cells[i].summary.cell.workload, cells[i].open()}].push_back(i);
  }
  std::vector<Decision> out;
  for (const auto& [contest, indices] : contests) {
    const auto& [workload, open] = contest;
    auto& decision = out.emplace_back();
    decision.by_p99 = open && !goal;
    decision.cells = indices;
    decision.cost_axes = cost_axes_of(info);
    decision.recommendation.workload = workload;
    decision.recommendation.goal = goal   ? goal->text
                                   : open ? "lowest p99 at the highest rate that was kept up with"
                                          : "highest rate";
    decision.measured = count_configurations(cells, indices);
    const auto in = admitted(cells, indices, goal, decision.by_p99);
    decision.goal_missed = goal && in.empty() && std::ranges::any_of(indices, [&cells](std::size_t index) {
                             return cells[index].works();
                           });
    auto rng = Rng(info.seed, RandomStream::choice_bootstrap, out.size());
    if (!in.empty()) fill_in(decision, cells, entrants_of(cells, in, decision.by_p99, info), rng());
  }
  return out;
}

}  // namespace troupe::sweep
