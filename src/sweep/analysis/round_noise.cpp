#include "sweep/analysis/round_noise.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::sweep {
namespace {

/// Levels and round effects, each fitted in turn while the other stands still: exact at once where every
/// cell was in every round, and close after a few turns elsewhere.
struct Layout {
  std::vector<double> level;
  ByRound effect;
};

void fit_levels(Layout& layout, std::span<const ByRound> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    double sum = 0;
    for (const auto& [round, value] : cells[i]) sum += value - layout.effect[round];
    layout.level[i] = cells[i].empty() ? unknown : sum / static_cast<double>(cells[i].size());
  }
}

void fit_effects(Layout& layout, std::span<const ByRound> cells) {
  std::map<std::uint64_t, std::vector<double>> left;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (const auto& [round, value] : cells[i]) left[round].push_back(value - layout.level[i]);
  }
  double mean = 0;
  for (auto& [round, values] : left) {
    double sum = 0;
    for (const double value : values) sum += value;
    layout.effect[round] = sum / static_cast<double>(values.size());
    mean += layout.effect[round] / static_cast<double>(left.size());
  }
  for (auto& [round, effect] : layout.effect) effect -= mean;
}

Layout fit(std::span<const ByRound> cells) {
  constexpr int turns = 20;
  Layout out{std::vector<double>(cells.size(), 0), {}};
  fit_levels(out, cells);
  const bool several = cells.size() > 1;
  for (int turn = 0; several && turn < turns; ++turn) {
    fit_effects(out, cells);
    fit_levels(out, cells);
  }
  return out;
}

/// The effects' own variance, less what the cells' noise puts into them.
Variance of_rounds(const Layout& layout, std::span<const Variance> of_cell) {
  const auto rounds = static_cast<double>(layout.effect.size());
  if (rounds < 2 || of_cell.size() < 2) return {0, 0};
  double squares = 0;
  for (const auto& [round, effect] : layout.effect) squares += effect * effect;
  double noise = 0, told = 0;
  for (const auto& [value, freedom] : of_cell) {
    if (freedom > 0) noise += value, ++told;
  }
  if (told == 0) return {0, 0};
  return {std::max(0.0, squares / (rounds - 1) - noise / told / told), rounds - 1};
}

}  // namespace

RoundNoise round_noise(std::span<const ByRound> cells) {
  auto layout = fit(cells);
  const auto count = static_cast<double>(cells.size());
  // What the rounds' effects take of each cell's degrees of freedom.
  const double kept = cells.size() > 1 ? (count - 1) / count : 1;
  RoundNoise out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    double squares = 0;
    for (const auto& [round, value] : cells[i]) {
      squares += std::pow(value - layout.level[i] - layout.effect[round], 2);
    }
    const double freedom = cells[i].empty() ? 0 : kept * static_cast<double>(cells[i].size() - 1);
    out.of_cell.push_back({freedom > 0 ? squares / freedom : unknown, freedom});
  }
  out.of_round = of_rounds(layout, out.of_cell);
  out.level = std::move(layout.level);
  return out;
}

}  // namespace troupe::sweep
