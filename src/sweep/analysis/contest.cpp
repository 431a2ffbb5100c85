#include "sweep/analysis/contest.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sweep/analysis/statistics.hpp"

namespace troupe::sweep {
namespace {

/// The median over some rounds; NaN without one.
double score_in(const Entrant& entrant, std::span<const std::uint64_t> rounds) {
  std::vector<double> scores;
  for (const auto round : rounds) {
    const auto found = entrant.scores.find(round);
    if (found != entrant.scores.end()) scores.push_back(found->second);
  }
  return median(std::move(scores));
}

struct Scored {
  std::size_t entrant;
  double score;
};

std::vector<Scored> scored_peaks(std::span<const Entrant> entrants, std::span<const std::uint64_t> rounds) {
  std::map<std::size_t, Scored> by_configuration;
  for (std::size_t i = 0; i < entrants.size(); ++i) {
    const double score = score_in(entrants[i], rounds);
    if (std::isnan(score)) continue;
    const auto [at, added] = by_configuration.emplace(entrants[i].configuration, Scored{i, score});
    if (!added && score > at->second.score) at->second = {i, score};
  }
  std::vector<Scored> out;
  for (const auto& [configuration, scored] : by_configuration) out.push_back(scored);
  return out;
}

}  // namespace

std::optional<Choice> choose(std::span<const Entrant> entrants, std::span<const std::uint64_t> rounds) {
  const double tolerance = -std::log(1 - as_good);
  const auto all = scored_peaks(entrants, rounds);
  if (all.empty()) return std::nullopt;
  const auto best = *std::ranges::max_element(all, [&](const Scored& a, const Scored& b) {
    return a.score != b.score ? a.score < b.score : entrants[a.entrant].cost() > entrants[b.entrant].cost();
  });
  auto cheapest = best;
  for (const auto& other : all) {
    const auto cost = entrants[other.entrant].cost();
    const auto least = entrants[cheapest.entrant].cost();
    if (cost > least || (cost == least && other.score <= cheapest.score)) continue;
    const double behind = median(log_ratios(entrants[other.entrant], entrants[best.entrant], rounds));
    if (behind >= -tolerance) cheapest = other;
  }
  return Choice{best.entrant, cheapest.entrant};
}

std::vector<std::size_t> peaks(std::span<const Entrant> entrants, std::span<const std::uint64_t> rounds) {
  std::vector<std::size_t> out;
  for (const auto& scored : scored_peaks(entrants, rounds)) out.push_back(scored.entrant);
  return out;
}

std::vector<std::uint64_t> rounds_of(std::span<const Entrant> entrants) {
  std::set<std::uint64_t> out;
  for (const auto& entrant : entrants) {
    for (const auto& [round, score] : entrant.scores) out.insert(round);
  }
  return {out.begin(), out.end()};
}

std::vector<double> log_ratios(const Entrant& a, const Entrant& b, std::span<const std::uint64_t> rounds) {
  std::vector<double> out;
  for (const auto round : rounds) {
    const auto of_a = a.scores.find(round);
    const auto of_b = b.scores.find(round);
    if (of_a != a.scores.end() && of_b != b.scores.end()) out.push_back(of_a->second - of_b->second);
  }
  return out;
}

}  // namespace troupe::sweep
