#include "sweep/compare/changes.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "support/distributions.hpp"
#include "sweep/analysis/statistics.hpp"

using namespace troupe;
using namespace troupe::sweep;

namespace {

constexpr std::size_t cells = 60;
constexpr std::uint64_t repeats = 4;

/// Sixty cells of three figures each, all of one level; cell i has the noise noises[i % noises.size()], and
/// every round of a side does `of_round` to all.
std::vector<Pair> pairs_of(const std::vector<double>& noises, double of_round, Rng& rng) {
  std::vector<Pair> out;
  for (const auto* metric : {"rate_per_s", "p50_us", "p99_us"}) {
    std::vector<double> effects(2 * repeats);
    for (auto& effect : effects) effect = of_round * rng.normal();
    for (std::size_t i = 0; i < cells; ++i) {
      auto& pair = out.emplace_back();
      pair.metric = metric;
      const double noise = noises[i % noises.size()];
      for (std::uint64_t round = 0; round < repeats; ++round) {
        pair.a[round] = std::exp(effects[round] + noise * rng.normal());
        pair.b[round] = std::exp(effects[repeats + round] + noise * rng.normal());
      }
    }
  }
  return out;
}

bool no_difference(const std::vector<Estimate>& changed) {
  return std::ranges::all_of(changed, [](const Estimate& e) { return e.low <= 0 && e.high >= 0; });
}

/// The middle of the half-widths of the cells `wanted` accepts by their index.
template <class Wanted>
double half_width(const std::vector<Estimate>& changed, Wanted wanted) {
  std::vector<double> widths;
  for (std::size_t i = 0; i < changed.size(); ++i) {
    if (wanted(i % cells)) widths.push_back((changed[i].high - changed[i].low) / 2);
  }
  return median(std::move(widths));
}

}  // namespace

TEST_CASE("60 cells of four repeats with 8 % noise resolve 25 %") {
  Rng rng(1);
  const auto all = [](std::size_t) { return true; };
  REQUIRE(half_width(changes(pairs_of({0.08}, 0, rng)), all) < 0.25);
  REQUIRE(half_width(changes(pairs_of({0.08}, 0.01, rng)), all) < 0.25);
  REQUIRE(half_width(changes(pairs_of({0.02, 0.15}, 0, rng)), all) < 0.25);
}

TEST_CASE("quiet cells keep narrow intervals and loud ones wide ones") {
  Rng rng(2);
  const auto changed = changes(pairs_of({0.02, 0.15}, 0, rng));
  REQUIRE(half_width(changed, [](std::size_t i) { return i % 2 == 0; }) < 0.15);
  const double loud = half_width(changed, [](std::size_t i) { return i % 2 == 1; });
  REQUIRE(loud > 0.35);
  REQUIRE(loud < 0.8);
}

TEST_CASE("two of the same show no difference in 95 of 100 trials, whatever their noise") {
  const auto [noises, of_round] = GENERATE(table<std::vector<double>, double>(
      {{{0.08}, 0}, {{0.02, 0.15}, 0}, {{0.02, 0.08, 0.15}, 0}, {{0.08}, 0.05}}));
  Rng rng(3);
  int same = 0;
  for (int trial = 0; trial < 100; ++trial) same += no_difference(changes(pairs_of(noises, of_round, rng)));
  CAPTURE(noises, of_round);
  REQUIRE(same >= 95);
}

TEST_CASE("what a round does to all cells is not taken for a difference between the sides") {
  Rng rng(4);
  int same = 0, common = 0;
  for (int trial = 0; trial < 100; ++trial) {
    const auto pairs = pairs_of({0.03}, 0.1, rng);
    same += no_difference(changes(pairs));
    const auto all = common_change(pairs, "rate_per_s", 0.95);
    common += all.low <= 0 && all.high >= 0;
  }
  REQUIRE(same >= 95);
  REQUIRE(common >= 90);
}

TEST_CASE("a common change is seen that is lost in the noise of each cell") {
  Rng rng(5);
  auto pairs = pairs_of({0.08}, 0, rng);
  for (auto& pair : pairs) {
    for (auto& [round, value] : pair.b) value *= 0.95;
  }
  REQUIRE(no_difference(changes(pairs)));
  const auto common = common_change(pairs, "rate_per_s", 0.95);
  REQUIRE(common.median == Approx(-0.05).margin(0.02));
  REQUIRE(common.high < 0);
  REQUIRE(common.low > -0.09);
}
