#include "sweep/analysis/winner.hpp"

#include <algorithm>
#include <bit>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <map>

#include "support/distributions.hpp"
#include "sweep/analysis/statistics.hpp"

namespace troupe::sweep {
namespace {

constexpr std::size_t most_enumerated = 8;  ///< rounds: 70 halves
constexpr std::size_t drawn_halves = 64;

RoundNoise noise_of(std::span<const Entrant> entrants) {
  std::vector<ByRound> scores;
  for (const auto& entrant : entrants) scores.push_back(entrant.scores);
  auto out = round_noise(scores);
  out.of_cell = moderated(out.of_cell);
  return out;
}

/// The rounds that choose; the others report.
using Half = std::vector<std::uint64_t>;

std::vector<Half> halves(const std::vector<std::uint64_t>& rounds, Rng rng) {
  std::vector<Half> out;
  const auto half = rounds.size() / 2;
  if (rounds.size() > most_enumerated) {
    auto order = rounds;
    for (std::size_t i = 0; i < drawn_halves; ++i) {
      for (std::size_t at = 0; at < half; ++at)
        std::swap(order[at], order[at + rng.below(order.size() - at)]);
      out.emplace_back(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(half));
    }
    return out;
  }
  for (std::uint32_t mask = 0; mask < (1U << rounds.size()); ++mask) {
    if (static_cast<std::size_t>(std::popcount(mask)) != half) continue;
    auto& chosen = out.emplace_back();
    for (std::size_t i = 0; i < rounds.size(); ++i) {
      if ((mask >> i & 1) != 0) chosen.push_back(rounds[i]);
    }
  }
  return out;
}

/// What an entrant reached in the rounds that had no part in choosing it; NaN if it was in none of them.
double reported(const Entrant& entrant, const Half& choosing) {
  std::vector<double> scores;
  for (const auto& [round, score] : entrant.scores) {
    if (std::ranges::find(choosing, round) == choosing.end()) scores.push_back(score);
  }
  return moments(scores).mean;
}

/// Of one-sided t at 95 %, all `comparisons` together.
double one_sided(double freedom, std::size_t comparisons) {
  const double share = (1 - confidence_level) / static_cast<double>(std::max<std::size_t>(comparisons, 1));
  return t_quantile(freedom, 1 - 2 * share);
}

/// Two entrants side by side: by how much the first is better, and how uncertain that is.
struct Beside {
  double by = unknown;
  double half_width = unknown;
  std::uint64_t rounds = 0;
};

Beside beside(std::span<const Entrant> entrants, const RoundNoise& noise, std::size_t a, std::size_t b,
              std::size_t comparisons) {
  const auto rounds = rounds_of(entrants.subspan(a, 1));
  const auto ratios = log_ratios(entrants[a], entrants[b], rounds);
  if (ratios.empty()) return {};
  const double each = 1 / static_cast<double>(ratios.size());
  const auto known = [](const Variance& variance) { return variance.freedom > 0; };
  Beside out{moments(ratios).mean, unknown, ratios.size()};
  if (!known(noise.of_cell[a]) || !known(noise.of_cell[b])) return out;
  const std::vector<WeightedVariance> parts{{each, noise.of_cell[a]}, {each, noise.of_cell[b]}};
  const auto both = sum_of(parts);
  out.half_width = both.value > 0 ? one_sided(both.freedom, comparisons) * std::sqrt(both.value) : 0;
  return out;
}

/// Whether the levels of some entrants differ by more than noise makes them: F at 5 %.
bool levels_differ(std::span<const Entrant> entrants, const RoundNoise& noise,
                   const std::vector<std::size_t>& indices) {
  double weights = 0, mean = 0, freedom = 0;
  const auto weight_of = [&](std::size_t i) {
    return static_cast<double>(entrants[i].scores.size()) / noise.of_cell[i].value;
  };
  for (const auto i : indices) {
    if (!(noise.of_cell[i].value > 0)) continue;
    weights += weight_of(i);
    mean += weight_of(i) * noise.level[i];
    freedom += noise.of_cell[i].freedom;
  }
  const auto others = static_cast<double>(indices.size()) - 1;
  if (!(weights > 0) || others < 1) return false;
  mean /= weights;
  double squares = 0;
  for (const auto i : indices) {
    if (noise.of_cell[i].value > 0) squares += weight_of(i) * std::pow(noise.level[i] - mean, 2);
  }
  const boost::math::fisher_f distribution(others, freedom);
  return boost::math::cdf(boost::math::complement(distribution, squares / others)) < 1 - confidence_level;
}

/// The peaks that may be the best: none is shown to be better.
std::vector<std::size_t> contenders_of(std::span<const Entrant> entrants, const RoundNoise& noise,
                                       const std::vector<std::size_t>& at_peak, std::size_t best) {
  std::vector<std::size_t> out;
  for (const auto i : at_peak) {
    const auto lead = beside(entrants, noise, best, i, entrants.size() - 1);
    if (i == best || !(lead.by > lead.half_width)) out.push_back(i);
  }
  return out;
}

}  // namespace

Estimate expected_score(std::span<const Entrant> entrants, std::uint64_t seed) {
  const auto rounds = rounds_of(entrants);
  if (rounds.size() < 2) return {};
  std::vector<double> told;
  std::map<std::size_t, double> shares;  // of an entrant in what is told
  for (const auto& half : halves(rounds, Rng(seed))) {
    const auto choice = choose(entrants, half);
    if (!choice) continue;
    const double score = reported(entrants[choice->cheapest], half);
    if (std::isnan(score)) continue;
    told.push_back(score);
    ++shares[choice->cheapest];
  }
  if (told.empty()) return {};
  const double mean = moments(told).mean;
  const auto noise = noise_of(entrants);
  std::vector<WeightedVariance> parts;
  double per_value = 0;
  for (const auto& [entrant, times] : shares) {
    const double share = times / static_cast<double>(told.size());
    const auto made = static_cast<double>(entrants[entrant].scores.size());
    if (!(noise.of_cell[entrant].freedom > 0)) return {mean, unknown, unknown};
    parts.push_back({share / made, noise.of_cell[entrant]});
    per_value += share / made;
  }
  parts.push_back({per_value, noise.of_round});
  const auto all = sum_of(parts);
  const double half = all.value > 0 ? t_quantile(all.freedom, confidence_level) * std::sqrt(all.value) : 0;
  return {mean, mean - half, mean + half};
}

Regret regret_of(std::span<const Entrant> entrants, std::size_t chosen) {
  constexpr std::uint64_t most_repeats = 10'000;
  const double tolerance = -std::log(1 - as_good);
  const auto noise = noise_of(entrants);
  const auto rounds = rounds_of(entrants);
  Regret out;
  for (std::size_t i = 0; i < entrants.size(); ++i) {
    if (entrants[i].configuration == entrants[chosen].configuration) continue;
    const auto rival = beside(entrants, noise, i, chosen, entrants.size() - 1);
    if (std::isnan(rival.half_width)) continue;
    if (!(rival.by + rival.half_width <= out.most)) {
      out.most = rival.by + rival.half_width;
      out.half_width = rival.half_width;
      const double times = std::pow(rival.half_width / tolerance, 2);
      const double needed = std::ceil(times * static_cast<double>(rival.rounds));
      out.repeats_needed = static_cast<std::uint64_t>(
          std::clamp(needed, static_cast<double>(rival.rounds + 1), static_cast<double>(most_repeats)));
    }
  }
  out.most = std::isnan(out.most) ? unknown : std::max(out.most, 0.0);
  const auto choice = choose(entrants, rounds);
  if (!choice) return out;
  auto contenders = contenders_of(entrants, noise, peaks(entrants, rounds), choice->best);
  if (std::ranges::find(contenders, chosen) == contenders.end()) contenders.push_back(chosen);
  out.contenders = contenders.size();
  out.alike = !levels_differ(entrants, noise, contenders);
  return out;
}

}  // namespace troupe::sweep
