// How a configuration is chosen, per workload:
//
//   cells        each configuration under each load
//     └─> candidates   one per configuration, at the load where it does best
//           └─> best        the highest score: log rate, or −log p99
//                 └─> chosen      the cheapest (connections, then workers) within 3 % of the best
//                       └─> doubt       could noise hide a difference that would change the choice?
//
// Scores are compared round by round: what a round did to the machine, it did to all of its cells.
#include "sweep/analysis/recommend.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "support/distributions.hpp"
#include "sweep/analysis/statistics.hpp"

namespace troupe::sweep {
namespace {

const double tolerance = -std::log(1 - as_good);  ///< `as_good` as a log ratio

/// A configuration at the load where it is judged.
struct Candidate {
  std::size_t cell = 0;
  double score = 0;                            ///< logarithm; more is better
  std::map<std::uint64_t, double> by_round{};  ///< the same of each round
  std::uint64_t connections = 0, workers = 0;

  auto cost() const { return std::pair(connections, workers); }
};

/// A log score, more is better. Latencies below the clock's step count as half of it.
double score_of(double value, bool open) {
  return open ? -std::log(std::max(value, 0.5)) : std::log(value);
}

Candidate candidate(std::span<const MeasuredCell> cells, std::size_t index) {
  const auto& cell = cells[index];
  const auto& summary = cell.summary;
  const bool open = cell.open();
  Candidate out{.cell = index,
                .score = score_of(open ? summary.p99_us.median : summary.rate_per_s.median, open),
                .connections = summary.cell.configuration.connections,
                .workers = summary.cell.configuration.workers};
  for (const auto* repeat : cell.repeats) {
    const double value = open ? static_cast<double>(repeat->p99.count()) : repeat->rate_per_s;
    if (value > 0 || open) out.by_round[repeat->round] = score_of(value, open);
  }
  return out;
}

/// Each configuration at its highest median rate.
std::vector<Candidate> closed_candidates(std::span<const MeasuredCell> cells,
                                         std::span<const std::size_t> indices) {
  std::map<Configuration, std::size_t> peaks;
  for (const auto index : indices) {
    const auto& summary = cells[index].summary;
    if (!cells[index].works()) continue;
    const auto [at, added] = peaks.emplace(summary.cell.configuration, index);
    if (!added && summary.rate_per_s.median > cells[at->second].summary.rate_per_s.median) at->second = index;
  }
  std::vector<Candidate> out;
  for (const auto& [configuration, index] : peaks) out.push_back(candidate(cells, index));
  return out;
}

/// The configurations that kept up with the highest arrival rate that any of them did.
std::vector<Candidate> open_candidates(std::span<const MeasuredCell> cells,
                                       std::span<const std::size_t> indices) {
  double highest = 0;
  for (const auto index : indices) {
    if (kept_up(cells[index])) {
      highest = std::max(highest, cells[index].summary.cell.load.arrival_rate_per_s);
    }
  }
  std::vector<Candidate> out;
  for (const auto index : indices) {
    const auto& cell = cells[index];
    if (cell.summary.cell.load.arrival_rate_per_s == highest && kept_up(cell)) {
      out.push_back(candidate(cells, index));
    }
  }
  return out;
}

/// a's score over b's in each round that both took part in.
std::vector<double> log_ratios(const Candidate& a, const Candidate& b) {
  std::vector<double> out;
  for (const auto& [round, score] : a.by_round) {
    const auto other = b.by_round.find(round);
    if (other != b.by_round.end()) out.push_back(score - other->second);
  }
  return out;
}

PairedRatio compare(const Candidate& a, const Candidate& b) {
  return paired_ratio(log_ratios(a, b));
}

bool within_tolerance(const PairedRatio& of_the_best) {
  return std::log(of_the_best.ratio.median) >= -tolerance;
}

const Candidate& best_of(const std::vector<Candidate>& candidates) {
  return *std::max_element(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
    return a.score != b.score ? a.score < b.score : a.cost() > b.cost();
  });
}

const Candidate& cheapest_of(const std::vector<Candidate>& candidates, const Candidate& best) {
  const Candidate* cheapest = &best;
  for (const auto& other : candidates) {
    const bool cheaper = other.cost() < cheapest->cost() ||
                         (other.cost() == cheapest->cost() && other.score > cheapest->score);
    if (cheaper && within_tolerance(compare(other, best))) cheapest = &other;
  }
  return *cheapest;
}

/// The one with the highest score of those that `takes` accepts.
template <class Takes>
const Candidate* strongest(const std::vector<Candidate>& candidates, Takes takes) {
  const Candidate* out = nullptr;
  for (const auto& candidate : candidates) {
    if (takes(candidate) && (!out || candidate.score > out->score)) out = &candidate;
  }
  return out;
}

/// What another draw of the noise could have decided differently.
struct Doubt {
  bool too_noisy = false;
  bool unknown_noise = false;  ///< fewer than two rounds to compare
  double half_width = unknown;
  std::uint64_t repeats_needed = 0;

  /// `other_choice`: the interval reaches to where another configuration would have been chosen.
  void look_at(const PairedRatio& pair, std::size_t made, bool other_choice) {
    if (std::isnan(pair.half_width)) {
      unknown_noise = true;
      return;
    }
    if (!(half_width >= pair.half_width)) half_width = pair.half_width;
    if (pair.half_width <= tolerance || !other_choice) return;
    too_noisy = true;
    repeats_needed = std::max(repeats_needed, sweep::repeats_needed(pair.deviation, tolerance, made));
  }
};

Doubt doubt(const std::vector<Candidate>& candidates, const Candidate& best, const Candidate& chosen) {
  Doubt out;
  const bool is_best = &best == &chosen;
  const auto* rival =
      is_best ? strongest(candidates, [&](const auto& other) { return &other != &chosen; }) : &best;
  if (rival) {
    const auto pair = compare(*rival, chosen);
    out.look_at(pair, log_ratios(*rival, chosen).size(), std::log(pair.ratio.high) > tolerance);
  }
  const auto* cheaper =
      strongest(candidates, [&](const auto& other) { return other.cost() < chosen.cost(); });
  if (cheaper && cheaper != rival) {
    const auto pair = compare(*cheaper, best);
    out.look_at(pair, log_ratios(*cheaper, best).size(), std::log(pair.ratio.high) >= -tolerance);
  }
  return out;
}

/// The share of resampled sweeps in which no other configuration was more than 3 % better than the chosen.
double confidence(const std::vector<Candidate>& candidates, const Candidate& chosen, Rng rng) {
  std::set<std::uint64_t> all_rounds;
  for (const auto& candidate : candidates) {
    for (const auto& [round, score] : candidate.by_round) all_rounds.insert(round);
  }
  const std::vector<std::uint64_t> rounds(all_rounds.begin(), all_rounds.end());
  if (rounds.size() < 2) return unknown;
  const auto score_in = [](const Candidate& candidate, std::uint64_t round) {
    const auto found = candidate.by_round.find(round);
    return found == candidate.by_round.end() ? unknown : found->second;
  };
  std::vector<std::vector<double>> behind;  // by rival and round; NaN where one of the two is missing
  for (const auto& rival : candidates) {
    std::vector<double> of_rival;
    for (const auto round : rounds) of_rival.push_back(score_in(rival, round) - score_in(chosen, round));
    if (!std::isnan(median(of_rival)))
      behind.push_back(std::move(of_rival));  // else never in one round with it
  }
  std::vector<std::size_t> draw(rounds.size());
  std::uint64_t held = 0, told = 0;
  for (std::uint64_t i = 0; i < resamplings; ++i) {
    redraw(rng, draw);
    double most_behind = 0;
    for (const auto& of_rival : behind) {
      std::vector<double> drawn;
      for (const auto index : draw) drawn.push_back(of_rival[index]);
      const auto by = median(std::move(drawn));
      most_behind = std::isnan(by) || by > most_behind ? by : most_behind;
      if (std::isnan(by)) break;  // no round of this rival was drawn: the draw tells nothing
    }
    if (std::isnan(most_behind)) continue;
    ++told;
    held += most_behind <= tolerance;
  }
  return told == 0 ? unknown : static_cast<double>(held) / static_cast<double>(told);
}

/// As ratios of what was measured: of response times, less is better.
Estimate as_measured(const Estimate& ratio, bool open) {
  return open ? Estimate{1 / ratio.median, 1 / ratio.high, 1 / ratio.low} : ratio;
}

void fill_in(Decision& decision, std::span<const MeasuredCell> cells,
             const std::vector<Candidate>& candidates, bool open, Rng rng) {
  auto& out = decision.recommendation;
  const auto& best = best_of(candidates);
  const auto& chosen = cheapest_of(candidates, best);
  out.load = cells[best.cell].summary.cell.load;
  out.best = cells[best.cell].summary.cell.configuration;
  out.best_cell = best.cell;
  out.cheapest = cells[chosen.cell].summary.cell.configuration;
  out.cheapest_cell = chosen.cell;
  out.ratio = &best == &chosen ? Estimate{1, 1, 1} : as_measured(compare(chosen, best).ratio, open);
  decision.rounds = std::min(cells[best.cell].summary.repeats, cells[chosen.cell].summary.repeats);
  decision.competitors = candidates.size();
  for (const auto& candidate : candidates) {
    decision.most_connections = std::max(decision.most_connections, candidate.connections);
  }
  if (candidates.size() == 1) return;
  const auto noise = doubt(candidates, best, chosen);
  decision.half_width = std::expm1(noise.half_width);
  out.too_noisy = noise.too_noisy;
  out.repeats_needed = noise.repeats_needed;
  constexpr std::uint64_t fewest = 3;
  if (noise.unknown_noise) out.repeats_needed = std::max({out.repeats_needed, fewest, decision.rounds + 1});
  if (!noise.unknown_noise) out.confidence = confidence(candidates, chosen, rng);
}

}  // namespace

std::vector<Decision> decide(std::span<const MeasuredCell> cells, std::uint64_t seed) {
  std::map<std::pair<Workload, bool>, std::vector<std::size_t>> contests;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    contests[{cells[i].summary.cell.workload, cells[i].open()}].push_back(i);
  }
  std::vector<Decision> out;
  for (const auto& [contest, indices] : contests) {
    const auto& [workload, open] = contest;
    auto& decision = out.emplace_back();
    decision.cells = indices;
    decision.recommendation.workload = workload;
    decision.recommendation.goal =
        open ? "lowest p99 at the highest rate that was kept up with" : "highest rate";
    std::set<Configuration> configurations;
    for (const auto index : indices) configurations.insert(cells[index].summary.cell.configuration);
    decision.measured = configurations.size();
    const auto candidates = open ? open_candidates(cells, indices) : closed_candidates(cells, indices);
    if (candidates.empty()) continue;
    fill_in(decision, cells, candidates, open, Rng::derive(seed, out.size()));
  }
  return out;
}

}  // namespace troupe::sweep
