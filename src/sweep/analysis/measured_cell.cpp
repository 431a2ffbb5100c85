#include "sweep/analysis/measured_cell.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <map>

#include "support/parse.hpp"
#include "sweep/analysis/statistics.hpp"

namespace troupe::sweep {
namespace {

/// Numbers by value and before texts.
std::weak_ordering compare_values(const std::string& a, const std::string& b) {
  const auto of_a = parse_number(a);
  const auto of_b = parse_number(b);
  if (of_a && of_b && *of_a != *of_b) {
    return *of_a < *of_b ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  if (of_a.has_value() != of_b.has_value()) {
    return of_a ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  return a <=> b;
}

bool before(const Configuration& a, const Configuration& b) {
  if (a.model != b.model) return a.model < b.model;
  const auto compare_settings = [](const auto& x, const auto& y) -> std::weak_ordering {
    if (x.first != y.first) return x.first <=> y.first;
    return compare_values(x.second, y.second);
  };
  const auto order = std::lexicographical_compare_three_way(
      a.settings.begin(), a.settings.end(), b.settings.begin(), b.settings.end(), compare_settings);
  if (order != 0) return order < 0;
  return a < b;
}

struct Before {
  bool operator()(const Cell& a, const Cell& b) const {
    if (a.workload != b.workload) return a.workload < b.workload;
    if (a.configuration != b.configuration) return before(a.configuration, b.configuration);
    return a.load < b.load;
  }
};

/// Medians of each stage's mean, in the order in which stages turn up.
std::vector<StageTime> waterfall(const std::vector<const Repeat*>& repeats) {
  std::vector<StageTime> out;
  std::map<sim::RequestStage, std::vector<double>> means;
  for (const auto* repeat : repeats) {
    for (const auto& stage : repeat->waterfall) {
      auto& of_stage = means[stage.stage];
      if (of_stage.empty()) out.push_back({stage.stage, 0});
      of_stage.push_back(stage.mean.count());
    }
  }
  for (auto& stage : out) stage.mean_us = median(means[stage.stage]);
  return out;
}

double error_rate(const std::vector<const Repeat*>& repeats) {
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
  for (const auto* repeat : repeats) {
    requests += repeat->requests;
    failed += repeat->failed;
  }
  return requests == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(requests);
}

/// Of the repeats that know: none of an own server's.
std::optional<double> service_cpus(const std::vector<const Repeat*>& repeats) {
  std::vector<double> cpus;
  for (const auto* repeat : repeats) {
    if (repeat->service_cpu_s && repeat->measured.count() > 0)
      cpus.push_back(*repeat->service_cpu_s / repeat->measured.count());
  }
  return cpus.empty() ? std::nullopt : std::optional(median(std::move(cpus)));
}

CellSummary summarize_cell(const Cell& cell, const std::vector<const Repeat*>& repeats) {
  const auto estimate = [&](auto value) { return median_estimate(column(repeats, value)); };
  const auto middle = [&](auto value) { return median(column(repeats, value)); };
  CellSummary out;
  out.cell = cell;
  out.repeats = repeats.size();
  out.rate_per_s = estimate([](const Repeat& r) { return r.rate_per_s; });
  out.mean_us = estimate([](const Repeat& r) { return r.mean.count(); });
  out.p50_us = estimate([](const Repeat& r) { return static_cast<double>(r.p50.count()); });
  out.p99_us = estimate([](const Repeat& r) { return static_cast<double>(r.p99.count()); });
  out.in_flight = middle([](const Repeat& r) { return r.in_flight; });
  // Of the arrivals that there were: by chance they are more or fewer than the rate says.
  out.answered_share = middle([&](const Repeat& r) {
    const auto offered = r.offered_per_s > 0 ? r.offered_per_s : cell.load.arrival_rate_per_s;
    return offered > 0 ? r.rate_per_s / offered : 0;
  });
  out.error_rate = error_rate(repeats);
  out.worker_cpu = middle([](const Repeat& r) { return r.worker_cpu; });
  out.machine_cpu = middle([](const Repeat& r) { return r.cpu.machine; });
  out.service_cpus = service_cpus(repeats);
  out.disturbed = static_cast<std::uint64_t>(
      std::count_if(repeats.begin(), repeats.end(), [](const Repeat* repeat) { return repeat->disturbed; }));
  out.rows_per_statement = middle([](const Repeat& r) { return r.rows_per_statement; });
  out.saturated =
      std::any_of(repeats.begin(), repeats.end(), [](const Repeat* repeat) { return repeat->saturated; });
  out.waterfall = waterfall(repeats);
  return out;
}

}  // namespace

std::vector<MeasuredCell> measured_cells(const Sweep& sweep) {
  // A round that was recorded twice (a sweep cut short and resumed) counts once, as it came out last.
  std::map<Cell, std::map<std::uint64_t, const Repeat*>, Before> by_cell;
  for (const auto& repeat : sweep.repeats)
    if (repeat.failure.empty()) by_cell[repeat.cell][repeat.round] = &repeat;
  std::vector<MeasuredCell> out;
  for (const auto& [cell, by_round] : by_cell) {
    std::vector<const Repeat*> repeats;
    for (const auto& [round, repeat] : by_round) repeats.push_back(repeat);
    out.push_back({summarize_cell(cell, repeats), repeats});
  }
  return out;
}

bool kept_up(const MeasuredCell& cell) {
  constexpr double share = 0.99;
  return cell.open() && cell.works() && cell.summary.answered_share >= share;
}

}  // namespace troupe::sweep
