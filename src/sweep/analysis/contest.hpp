#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "sweep/analysis/round_noise.hpp"

namespace troupe::sweep {

/// So much worse than the best is as good: nobody pays another connection for less.
constexpr double as_good = 0.03;

/// A cell that may be recommended.
struct Entrant {
  std::size_t cell = 0;           ///< index into Summary::cells
  std::size_t configuration = 0;  ///< the same number for all loads of one
  std::uint64_t connections = 0, workers = 0;
  ByRound scores;  ///< logarithms; more is better
  /// Of an outside service, whose cost nobody knows: the values of its axes, in the order given; see
  /// sizes_of.
  std::vector<double> sizes{};

  auto cost() const { return std::tie(connections, workers, sizes); }
};

/// Indices of entrants.
struct Choice {
  std::size_t best = 0;
  std::size_t cheapest =
      0;  ///< fewest connections, then workers (or smallest sizes), of those as good as the best
};

/// What would be chosen had only these rounds been run: each configuration at its best load by the median of
/// its scores, of these the best, and the cheapest that is as good as it in the rounds both took part in.
/// None if no entrant was in one of the rounds.
std::optional<Choice> choose(std::span<const Entrant> entrants, std::span<const std::uint64_t> rounds);

/// Each configuration at its best load, all rounds counted.
std::vector<std::size_t> peaks(std::span<const Entrant> entrants, std::span<const std::uint64_t> rounds);

/// All rounds that an entrant took part in, rising.
std::vector<std::uint64_t> rounds_of(std::span<const Entrant> entrants);

/// a's score over b's in each of the rounds that both took part in.
std::vector<double> log_ratios(const Entrant& a, const Entrant& b, std::span<const std::uint64_t> rounds);

}  // namespace troupe::sweep
