#include "sweep/analysis/winner.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <tuple>
#include <vector>

#include "support/distributions.hpp"

using namespace troupe;
using namespace troupe::sweep;

namespace {

/// An entrant per level (logarithms), the first the cheapest, each with its noise in each of four rounds.
std::vector<Entrant> entrants_of(const std::vector<double>& levels, double noise, Rng& rng,
                                 double of_round = 0, std::uint64_t rounds = 4) {
  std::vector<double> moments_of_rounds(rounds);
  for (auto& effect : moments_of_rounds) effect = of_round * rng.normal();
  std::vector<Entrant> out;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    Entrant entrant{i, i, i + 1, 2, {}};
    for (std::uint64_t round = 0; round < rounds; ++round) {
      entrant.scores[round] = levels[i] + moments_of_rounds[round] + noise * rng.normal();
    }
    out.push_back(std::move(entrant));
  }
  return out;
}

std::size_t chosen_of(const std::vector<Entrant>& entrants) {
  return choose(entrants, rounds_of(entrants)).value().cheapest;
}

}  // namespace

TEST_CASE("of equal configurations the chosen one's interval covers the truth, without a bias") {
  const auto [count, noise] =
      GENERATE(table<std::size_t, double>({{12, 0.02}, {12, 0.08}, {30, 0.02}, {30, 0.08}}));
  Rng rng(count);
  constexpr int trials = 400;
  int covered = 0;
  double bias = 0, half_width = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const auto entrants = entrants_of(std::vector<double>(count, 7), noise, rng);
    const auto estimate = expected_score(entrants, 1);
    covered += estimate.low <= 7 && 7 <= estimate.high;
    bias += (std::exp(estimate.median - 7) - 1) / trials;
    half_width += (std::exp(estimate.high - 7) - std::exp(estimate.low - 7)) / 2 / trials;
  }
  CAPTURE(count, noise, covered, bias, half_width);
  REQUIRE(covered >= 0.93 * trials);
  REQUIRE(std::abs(bias) < 0.01);
  REQUIRE(half_width <= 0.1);
}

TEST_CASE("a machine that moves from round to round widens the interval as far as it must") {
  Rng rng(4);
  int covered = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const auto estimate = expected_score(entrants_of(std::vector<double>(12, 0), 0.03, rng, 0.1), 1);
    covered += estimate.low <= 0 && 0 <= estimate.high;
  }
  REQUIRE(covered >= 0.92 * 300);
}

TEST_CASE("one that is far ahead is told as measured") {
  Rng rng(5);
  const auto entrants = entrants_of({0, 0, 2, 0, 0, 0, 0, 0}, 0.02, rng);
  double mean = 0;
  for (const auto& [round, score] : entrants[2].scores) mean += score / 4;
  REQUIRE(expected_score(entrants, 1).median == Approx(mean));
  REQUIRE(regret_of(entrants, 2).most == 0);
  REQUIRE(regret_of(entrants, 2).contenders == 1);
}

TEST_CASE("more rounds than can be halved in every way are halved at random, by the seed") {
  Rng rng(6);
  const auto entrants = entrants_of(std::vector<double>(6, 0), 0.05, rng, 0, 20);
  const auto estimate = expected_score(entrants, 1);
  REQUIRE(std::abs(estimate.median) < 0.03);
  REQUIRE(estimate.median == expected_score(entrants, 1).median);
  REQUIRE(estimate.high - estimate.low < 0.06);
}

TEST_CASE("the bound on regret holds in 95 of 100 trials, whatever the levels are") {
  const auto levels = GENERATE(values<std::vector<double>>(
      {std::vector<double>(12, 0), {0, 0.1}, {0, 0.05, 0.1, 0.15, 0.2}, {0, 0, 0, 0, 0, 0.06}}));
  const double noise = GENERATE(0.02, 0.08);
  Rng rng(7);
  constexpr int trials = 200;
  int held = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const auto entrants = entrants_of(levels, noise, rng, 0.05);
    const auto chosen = chosen_of(entrants);
    const double truth = *std::max_element(levels.begin(), levels.end()) - levels[chosen];
    held += truth <= regret_of(entrants, chosen).most;
  }
  CAPTURE(levels, noise);
  REQUIRE(held >= 0.94 * trials);
}

TEST_CASE("equal configurations are alike, and those that differ are not") {
  Rng rng(8);
  int alike = 0, different = 0;
  for (int trial = 0; trial < 100; ++trial) {
    const auto equal = entrants_of(std::vector<double>(12, 0), 0.08, rng);
    alike += regret_of(equal, chosen_of(equal)).alike;
    const auto two = entrants_of({0, 0.3}, 0.02, rng);
    different += regret_of(two, chosen_of(two)).contenders == 1;
  }
  REQUIRE(alike >= 90);
  REQUIRE(different >= 95);
}

TEST_CASE("of a single round nothing is known") {
  Rng rng(9);
  const auto entrants = entrants_of({0, 1}, 0.1, rng, 0, 1);
  REQUIRE(std::isnan(expected_score(entrants, 1).median));
  REQUIRE(std::isnan(regret_of(entrants, 1).most));
}
