#include "sweep/compare/comparison.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "support/number_formats.hpp"
#include "sweep/analysis/measured_cell.hpp"
#include "sweep/analysis/statistics.hpp"
#include "sweep/compare/changes.hpp"
#include "sweep/compare/comparison_notes.hpp"

namespace troupe::sweep {
namespace {

constexpr const char* rate_metric = "rate_per_s";

/// Histograms tell times apart in steps of 1 µs, from 2,048 µs on of about 0.1 % (three significant digits).
double time_resolution(const ByRound& us) {
  const double middle = median(values_of(us));
  return middle > 0 ? std::max(1 / middle, 1e-3) : 0;
}

Judgement judge(const ComparisonRow& row) {
  if (!std::isfinite(row.change.median) || std::isnan(row.change.low) || std::isnan(row.change.high)) {
    return Judgement::not_known;
  }
  const bool more_is_better = row.metric == rate_metric;
  if (row.change.low > 0) return more_is_better ? Judgement::better : Judgement::worse;
  if (row.change.high < 0) return more_is_better ? Judgement::worse : Judgement::better;
  return Judgement::no_difference;
}

std::vector<ComparisonRow> rows_of(const std::vector<Pair>& pairs) {
  const auto changed = changes(pairs);
  std::vector<ComparisonRow> out;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    auto& row = out.emplace_back();
    row.what = pairs[i].what;
    row.metric = pairs[i].metric;
    row.a = median_estimate(values_of(pairs[i].a));
    row.b = median_estimate(values_of(pairs[i].b));
    row.change = changed[i];
    row.judgement = judge(row);
  }
  return out;
}

/// What a difference would have had to be to be seen: without it "no difference" says little.
void note_resolution(Comparison& comparison) {
  for (const auto* metric : {rate_metric, "p99_us"}) {
    std::vector<double> widths;
    for (const auto& row : comparison.rows) {
      if (row.metric == metric && row.judgement != Judgement::not_known) {
        widths.push_back((row.change.high - row.change.low) / 2);
      }
    }
    const double middle = median(widths);
    if (!std::isfinite(middle)) continue;
    comparison.notes.push_back(
        fmt::format("{} of less than about ±{} could not be seen with so much noise "
                    "and so few values (middle of the rows)",
                    metric == rate_metric ? "changes of the rate" : "changes of p99", percent(middle)));
  }
}

void note_unknown(Comparison& comparison, const char* why) {
  const auto unknown_rows =
      std::count_if(comparison.rows.begin(), comparison.rows.end(),
                    [](const auto& row) { return row.judgement == Judgement::not_known; });
  if (unknown_rows == 0) return;
  comparison.notes.push_back(
      fmt::format("{} cannot be judged: {}", counted(static_cast<std::uint64_t>(unknown_rows), "row"), why));
}

// ---- Two sweeps ----

template <class Value>
ByRound by_round(const MeasuredCell& cell, Value value) {
  ByRound out;
  for (const auto* repeat : cell.repeats) out[repeat->round] = value(*repeat);
  return out;
}

/// One answer more or less in the time measured.
double rate_resolution(const MeasuredCell& cell) {
  const double counted =
      median(column(cell.repeats, [](const Repeat& repeat) { return static_cast<double>(repeat.requests); }));
  return counted > 0 ? 1 / counted : 0;
}

void add_pairs(std::vector<Pair>& out, const MeasuredCell& a, const MeasuredCell& b) {
  const auto what = describe(a.summary.cell);
  const auto rate = [](const Repeat& r) { return r.rate_per_s; };
  const auto p50 = [](const Repeat& r) { return static_cast<double>(r.p50.count()); };
  const auto p99 = [](const Repeat& r) { return static_cast<double>(r.p99.count()); };
  out.push_back({what, rate_metric, by_round(a, rate), by_round(b, rate), rate_resolution(a)});
  out.push_back({what, "p50_us", by_round(a, p50), by_round(b, p50), time_resolution(by_round(a, p50))});
  out.push_back({what, "p99_us", by_round(a, p99), by_round(b, p99), time_resolution(by_round(a, p99))});
}

void note_cells(Comparison& out, const MeasuredCell& a, const MeasuredCell& b) {
  const auto what = describe(a.summary.cell);
  if (a.summary.error_rate > most_errors || b.summary.error_rate > most_errors) {
    out.notes.push_back(fmt::format("{}: {} of the requests failed in a, {} in b", what,
                                    percent(a.summary.error_rate), percent(b.summary.error_rate)));
  }
  if (a.summary.saturated || b.summary.saturated) {
    out.notes.push_back(fmt::format("{}: the load generator was the bottleneck in {}", what,
                                    !b.summary.saturated   ? "a"
                                    : !a.summary.saturated ? "b"
                                                           : "both"));
  }
}

/// All cells of a metric in one figure. a and b are those of a typical cell: geometric means.
void add_common_rows(Comparison& out, const std::vector<Pair>& pairs, std::size_t cells) {
  constexpr std::array<const char*, 3> metrics{rate_metric, "p50_us", "p99_us"};
  const double confidence = 1 - (1 - confidence_level) / static_cast<double>(metrics.size());
  if (cells < 2) return;
  for (const auto* metric : metrics) {
    auto& row = out.common.emplace_back();
    row.what = fmt::format("all {} cells together", cells);
    row.metric = metric;
    row.change = common_change(pairs, metric, confidence);
    std::vector<double> of_a, of_b;
    for (const auto& pair : pairs) {
      if (pair.metric != metric) continue;
      of_a.push_back(std::log(median(values_of(pair.a))));
      of_b.push_back(std::log(median(values_of(pair.b))));
    }
    row.a.median = std::exp(moments(of_a).mean);
    row.b.median = std::exp(moments(of_b).mean);
    row.judgement = judge(row);
  }
}

/// The same change in all cells smells of the machine.
void note_common_change(Comparison& out) {
  constexpr double much = 0.05;
  for (const auto& row : out.common) {
    if (row.metric != rate_metric || !(std::abs(row.change.median) > much)) continue;
    if (row.judgement != Judgement::better && row.judgement != Judgement::worse) continue;
    out.notes.push_back(fmt::format(
        "all rates together changed by {} (95 % interval {} to {}): the machine itself may have been {}; run "
        "both sweeps again, in turns",
        percent(row.change.median), percent(row.change.low), percent(row.change.high),
        row.change.median < 0 ? "slower" : "faster"));
  }
}

// ---- Two runs ----

constexpr std::size_t wanted_batches = 10;
constexpr std::size_t fewest_seconds = 5;

/// Means of consecutive values, in batches as equal as can be. None from too short a series.
ByRound batch_means(const std::vector<double>& series) {
  if (series.size() < fewest_seconds) return {};
  const auto batches = std::min(wanted_batches, series.size());
  ByRound out;
  for (std::size_t i = 0; i < batches; ++i) {
    const auto begin = i * series.size() / batches;
    const auto end = (i + 1) * series.size() / batches;
    double mean = 0;
    for (auto at = begin; at < end; ++at) mean += series[at] / static_cast<double>(end - begin);
    out[i] = mean;
  }
  return out;
}

struct Series {
  ByRound rate, p50, p99;
};

/// Batch means of the measured seconds; seconds without an answer have no response times.
Series batches(const sim::RunResult& run) {
  struct {
    std::vector<double> rate, p50, p99;
  } out;
  for (const auto& point : run.series) {
    if (!point.measured) continue;
    out.rate.push_back(point.rate_per_s);
    if (point.requests == 0) continue;
    out.p50.push_back(static_cast<double>(point.p50.count()));
    out.p99.push_back(static_cast<double>(point.p99.count()));
  }
  return {batch_means(out.rate), batch_means(out.p50), batch_means(out.p99)};
}

std::string describe_run(const sim::RunResult& run) {
  const auto& load = run.run.workload;
  return describe(Workload{run.run.scenario, run.run.transport}) + ", " +
         describe(Load{load.arrival_rate_per_s > 0 ? 0 : load.users, load.arrival_rate_per_s});
}

void note_runs(Comparison& out, const sim::RunResult& a, const sim::RunResult& b) {
  if (a.total.error_rate() > most_errors || b.total.error_rate() > most_errors) {
    out.notes.push_back(fmt::format("{} of the requests failed in a, {} in b", percent(a.total.error_rate()),
                                    percent(b.total.error_rate())));
  }
  for (const auto& [run, name] : {std::pair(&a, "a"), std::pair(&b, "b")}) {
    if (run->verdict.saturated == true)
      out.notes.push_back(fmt::format("the load generator was the bottleneck in {}", name));
    if (run->run.interrupted) out.notes.push_back(fmt::format("{} was interrupted", name));
    if (run->run.steady == false) out.notes.push_back(fmt::format("{} found no steady state", name));
  }
  out.notes.push_back(
      "one run each: the intervals tell the noise within a run, not what differs from run to run; two sweeps "
      "with repeats tell that");
}

}  // namespace

Comparison compare(const Sweep& a, const Sweep& b) {
  Comparison out;
  out.kind = "sweeps";
  const auto cells_a = measured_cells(a);
  const auto cells_b = measured_cells(b);
  std::map<Cell, const MeasuredCell*> of_b;
  for (const auto& cell : cells_b) of_b[cell.summary.cell] = &cell;
  std::vector<Pair> pairs;
  out.notes = differences(a.info, b.info);
  for (const auto& cell : cells_a) {
    const auto other = of_b.find(cell.summary.cell);
    if (other == of_b.end()) {
      out.only_a.push_back(describe(cell.summary.cell));
      continue;
    }
    add_pairs(pairs, cell, *other->second);
    note_cells(out, cell, *other->second);
    of_b.erase(other);
  }
  for (const auto& cell : cells_b) {
    if (of_b.contains(cell.summary.cell)) out.only_b.push_back(describe(cell.summary.cell));
  }
  out.rows = rows_of(pairs);
  add_common_rows(out, pairs, pairs.size() / 3);
  if (out.rows.empty()) out.notes.push_back("the two have no cell in common: nothing was compared");
  note_common_change(out);
  note_unknown(out, "it takes two repeats on either side");
  note_resolution(out);
  return out;
}

Comparison compare(const sim::RunResult& a, const sim::RunResult& b) {
  Comparison out;
  out.kind = "runs";
  out.notes = differences(a.run, b.run);
  const auto of_a = batches(a);
  const auto of_b = batches(b);
  const auto what = describe_run(a);
  const double answers = static_cast<double>(a.total.requests);
  out.rows = rows_of({{what, rate_metric, of_a.rate, of_b.rate, answers > 0 ? 1 / answers : 0},
                      {what, "p50_us", of_a.p50, of_b.p50, time_resolution(of_a.p50)},
                      {what, "p99_us", of_a.p99, of_b.p99, time_resolution(of_a.p99)}});
  note_unknown(out, fmt::format("it takes {} measured seconds on either side", fewest_seconds).c_str());
  note_runs(out, a, b);
  note_resolution(out);
  return out;
}

bool is_regression(const ComparisonRow& row, double tolerance) {
  if (row.judgement != Judgement::worse) return false;
  return row.metric == rate_metric ? row.change.high < -tolerance : row.change.low > tolerance;
}

bool has_regression(const Comparison& comparison, double tolerance) {
  const auto regressed = [&](const ComparisonRow& row) { return is_regression(row, tolerance); };
  return std::ranges::any_of(comparison.rows, regressed) || std::ranges::any_of(comparison.common, regressed);
}

bool is_blind(const ComparisonRow& row, double tolerance) {
  if (is_regression(row, tolerance)) return false;
  const auto& [middle, low, high] = row.change;
  if (!std::isfinite(low) || !std::isfinite(high)) return true;
  const double worst = row.metric == rate_metric ? -low : high;
  return worst > tolerance && (high - low) / 2 > tolerance;
}

std::uint64_t blind_rows(const Comparison& comparison, double tolerance) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      comparison.rows, [&](const ComparisonRow& row) { return is_blind(row, tolerance); }));
}

}  // namespace troupe::sweep
