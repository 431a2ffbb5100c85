#include "sweep/analysis/curves.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "support/distributions.hpp"
#include "support/number_formats.hpp"
#include "sweep/analysis/kneedle.hpp"
#include "sweep/analysis/usl.hpp"

namespace troupe::sweep {
namespace {

constexpr double agreement = 2;  ///< both knees within this factor of each other

/// Closed loads that worked, by rising requests under way.
std::vector<UslLoad> usable_loads(const Curve& curve, std::span<const MeasuredCell> cells) {
  std::vector<UslLoad> out;
  for (const auto index : curve.cells) {
    const auto& cell = cells[index];
    if (cell.open() || !cell.works() || !(cell.summary.in_flight > 0)) continue;
    auto& load = out.emplace_back();
    load.point = {cell.summary.in_flight, cell.summary.rate_per_s.median};
    for (const auto* repeat : cell.repeats) load.rates.push_back(repeat->rate_per_s);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const UslLoad& a, const UslLoad& b) { return a.point.in_flight < b.point.in_flight; });
  return out;
}

std::string too_few(const char* what, std::size_t wanted, std::size_t found) {
  return fmt::format("{} needs {} different loads that worked, there {} {}", what, wanted,
                     found == 1 ? "is" : "are", found);
}

std::string not_described(const UslFit& fit) {
  return fmt::format("USL does not describe this server, it is typically {} off, more than repeats differ",
                     percent(fit.misfit));
}

/// The knee of the law, if it lies where something was measured.
void find_usl_knee(Curve& curve, double most_in_flight) {
  if (!curve.usl || !curve.usl->describes) return;
  const double knee = usl_knee(*curve.usl);
  if (std::isfinite(knee) && knee <= most_in_flight) curve.usl_knee = knee;
}

std::string why_no_usl_knee(const Curve& curve, double most_in_flight) {
  if (!curve.usl || !curve.usl->describes) return curve.usl_note;
  const double knee = usl_knee(*curve.usl);
  if (!std::isfinite(knee)) return "by USL the rate rises without end";
  return fmt::format("by USL it is at {} in flight, beyond the {} that were measured", figure(knee),
                     figure(most_in_flight));
}

void agree_on_knee(Curve& curve, double most_in_flight, std::size_t loads) {
  if (curve.usl_knee && curve.kneedle_knee) {
    const double factor = *curve.usl_knee / *curve.kneedle_knee;
    if (factor <= agreement && factor >= 1 / agreement) {
      curve.knee = std::sqrt(*curve.usl_knee * *curve.kneedle_knee);
      curve.knee_note = fmt::format("knee at {} in flight (USL {}, Kneedle {})", figure(*curve.knee),
                                    figure(*curve.usl_knee), figure(*curve.kneedle_knee));
      return;
    }
    curve.knee_note = fmt::format("no knee found: USL says {} in flight, Kneedle {}", figure(*curve.usl_knee),
                                  figure(*curve.kneedle_knee));
    return;
  }
  // A law that does not hold cannot contradict.
  if (curve.kneedle_knee && curve.usl && !curve.usl->describes) {
    curve.knee = curve.kneedle_knee;
    curve.knee_note =
        fmt::format("knee at {} in flight (Kneedle alone: {})", figure(*curve.knee), curve.usl_note);
    return;
  }
  const auto usl = curve.usl_knee ? fmt::format("USL says {} in flight", figure(*curve.usl_knee))
                                  : why_no_usl_knee(curve, most_in_flight);
  const auto kneedle = curve.kneedle_knee
                           ? fmt::format("Kneedle says {} in flight", figure(*curve.kneedle_knee))
                       : loads < fewest_kneedle_points ? too_few("Kneedle", fewest_kneedle_points, loads)
                                                       : "Kneedle finds none";
  curve.knee_note = fmt::format("no knee found: {}; {}", usl, kneedle);
}

void describe_curve(Curve& curve, std::span<const MeasuredCell> cells, std::uint64_t seed) {
  if (std::all_of(curve.cells.begin(), curve.cells.end(), [&](auto index) { return cells[index].open(); })) {
    curve.usl_note = "the law needs a fixed number of users: here the load is an arrival rate";
    curve.knee_note = "no knee found: " + curve.usl_note;
    return;
  }
  const auto loads = usable_loads(curve, cells);
  curve.usl = fit_usl(loads, seed);
  if (!curve.usl) curve.usl_note = too_few("USL", fewest_usl_loads, loads.size());
  if (curve.usl && !curve.usl->describes) curve.usl_note = not_described(*curve.usl);
  const double most_in_flight = loads.empty() ? 0 : loads.back().point.in_flight;
  find_usl_knee(curve, most_in_flight);
  std::vector<std::pair<double, double>> points;
  for (const auto& load : loads) points.emplace_back(load.point.in_flight, load.point.rate);
  curve.kneedle_knee = kneedle(points);
  agree_on_knee(curve, most_in_flight, loads.size());
}

}  // namespace

std::vector<Curve> curves(std::span<const MeasuredCell> cells, std::uint64_t seed) {
  std::vector<Curve> out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto& cell = cells[i].summary.cell;
    if (out.empty() || out.back().workload != cell.workload ||
        out.back().configuration != cell.configuration) {
      out.emplace_back();
      out.back().workload = cell.workload;
      out.back().configuration = cell.configuration;
    }
    out.back().cells.push_back(i);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    describe_curve(out[i], cells, Rng(seed, RandomStream::curve_bootstrap, i)());
  }
  return out;
}

}  // namespace troupe::sweep
