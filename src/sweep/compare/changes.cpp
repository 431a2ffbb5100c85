#include "sweep/compare/changes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "sweep/analysis/moderated_variance.hpp"
#include "sweep/analysis/statistics.hpp"

namespace troupe::sweep {
namespace {

bool judged(const Pair& pair) {
  return pair.a.size() > 1 && pair.b.size() > 1;
}

bool has_logs(const Pair& pair) {
  const auto positive = [](const auto& entry) { return entry.second > 0 && std::isfinite(entry.second); };
  return std::ranges::all_of(pair.a, positive) && std::ranges::all_of(pair.b, positive);
}

ByRound logs(const ByRound& side) {
  ByRound out;
  for (const auto& [round, value] : side) out[round] = std::log(value);
  return out;
}

/// One side of all pairs of a metric.
struct Side {
  std::vector<double> counts, means;
  RoundNoise noise;
  double typical = 0;  ///< mean of the cells' variances

  void add(const ByRound& values) {
    cells_.push_back(logs(values));
    const auto of = moments(values_of(cells_.back()));
    counts.push_back(of.n);
    means.push_back(of.mean);
  }
  void finish() {
    noise = round_noise(cells_);
    for (const auto& variance : noise.of_cell) {
      typical += variance.value / static_cast<double>(noise.of_cell.size());
    }
  }

 private:
  std::vector<ByRound> cells_;
};

/// The variance of one value, from both sides weighted as the difference weighs them.
std::vector<Variance> own_variances(const Side& a, const Side& b) {
  std::vector<Variance> out;
  for (std::size_t i = 0; i < a.counts.size(); ++i) {
    const double per_a = 1 / a.counts[i];
    const double per_b = 1 / b.counts[i];
    const auto& of_a = a.noise.of_cell[i];
    const auto& of_b = b.noise.of_cell[i];
    const std::array<WeightedVariance, 2> throughout{
        {{per_a, {a.typical, of_a.freedom}}, {per_b, {b.typical, of_b.freedom}}}};
    out.push_back({(per_a * of_a.value + per_b * of_b.value) / (per_a + per_b), sum_of(throughout).freedom});
  }
  return out;
}

/// The changes of all pairs of a metric; `steps`: what the instrument cannot tell apart.
std::vector<Estimate> moderated_changes(const Side& a, const Side& b, const std::vector<double>& steps,
                                        double confidence) {
  const auto own = moderated(own_variances(a, b));
  std::vector<Estimate> out;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const double per_a = 1 / a.counts[i];
    const double per_b = 1 / b.counts[i];
    const std::array<WeightedVariance, 3> parts{
        {{per_a + per_b, own[i]}, {per_a, a.noise.of_round}, {per_b, b.noise.of_round}}};
    const auto noise = sum_of(parts);
    double half = steps[i];
    if (noise.value > 0) half += t_quantile(noise.freedom, confidence) * std::sqrt(noise.value);
    const double difference = b.means[i] - a.means[i];
    out.push_back({std::expm1(difference), std::expm1(difference - half), std::expm1(difference + half)});
  }
  return out;
}

/// What each round did to the cells: their mean distance from their cell's middle.
std::vector<double> round_effects(const std::vector<ByRound>& cells, const std::vector<double>& middles) {
  std::map<std::uint64_t, std::vector<double>> by_round;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (const auto& [round, value] : cells[i]) by_round[round].push_back(value - middles[i]);
  }
  std::vector<double> out;
  for (const auto& [round, distances] : by_round) out.push_back(std::exp(moments(distances).mean));
  return out;
}

}  // namespace

std::vector<double> values_of(const ByRound& side) {
  std::vector<double> out;
  for (const auto& [round, value] : side) out.push_back(value);
  return out;
}

std::vector<Estimate> changes(const std::vector<Pair>& pairs) {
  const auto tested = std::ranges::count_if(pairs, judged);
  const double confidence =
      1 - (1 - confidence_level) / static_cast<double>(std::max<std::ptrdiff_t>(tested, 1));
  std::vector<Estimate> out;
  std::map<std::string, std::vector<std::size_t>> by_metric;
  for (const auto& pair : pairs) {
    if (judged(pair) && has_logs(pair)) by_metric[pair.metric].push_back(out.size());
    out.push_back(welch_change(values_of(pair.a), values_of(pair.b), confidence, pair.resolution));
  }
  for (const auto& [metric, indices] : by_metric) {
    Side a, b;
    std::vector<double> steps;
    for (const auto i : indices) {
      a.add(pairs[i].a);
      b.add(pairs[i].b);
      steps.push_back(pairs[i].resolution);
    }
    a.finish();
    b.finish();
    const auto of_metric = moderated_changes(a, b, steps, confidence);
    for (std::size_t i = 0; i < indices.size(); ++i) out[indices[i]] = of_metric[i];
  }
  return out;
}

Estimate common_change(const std::vector<Pair>& pairs, const std::string& metric, double confidence) {
  std::vector<ByRound> of_a, of_b;
  std::vector<double> middles;
  double step = 0;
  for (const auto& pair : pairs) {
    if (pair.metric != metric || pair.a.empty() || pair.b.empty() || !has_logs(pair)) continue;
    of_a.push_back(logs(pair.a));
    of_b.push_back(logs(pair.b));
    middles.push_back((moments(values_of(of_a.back())).mean + moments(values_of(of_b.back())).mean) / 2);
    step = std::max(step, pair.resolution);
  }
  if (middles.empty()) return {};
  return welch_change(round_effects(of_a, middles), round_effects(of_b, middles), confidence, step);
}

}  // namespace troupe::sweep
