#pragma once
// The one list of summary.json's fields (report/struct_json.hpp walks it).

#include <string>
#include <type_traits>

#include "sweep/analysis/summary.hpp"
#include "sweep/records/record_fields.hpp"

namespace troupe::sweep {

template <class Visitor, Is<Estimate> S>
void visit_fields(Visitor& visit, S& s) {
  visit("median", s.median);
  visit("low", s.low);
  visit("high", s.high);
}

template <class Visitor, Is<StageTime> S>
void visit_fields(Visitor& visit, S& s) {
  visit("name", s.stage);
  visit("mean_us", s.mean_us);
}

template <class Visitor, Is<CellSummary> S>
void visit_fields(Visitor& visit, S& s) {
  visit("cell", s.cell);
  visit("repeats", s.repeats);
  visit("rate_per_s", s.rate_per_s);
  visit("mean_us", s.mean_us);
  visit("p50_us", s.p50_us);
  visit("p99_us", s.p99_us);
  visit("in_flight", s.in_flight);
  visit("answered_share", s.answered_share);
  visit("error_rate", s.error_rate);
  visit("worker_cpu", s.worker_cpu);
  visit("machine_cpu", s.machine_cpu);
  visit("rows_per_statement", s.rows_per_statement);
  visit("saturated", s.saturated);
  visit("service_cpus", s.service_cpus);
  visit("disturbed", s.disturbed);
  visit("waterfall", s.waterfall);
}

template <class Visitor, Is<UslFit> S>
void visit_fields(Visitor& visit, S& s) {
  visit("lambda", s.lambda);
  visit("sigma", s.sigma);
  visit("kappa", s.kappa);
  visit("misfit", s.misfit);
  visit("lack_of_fit_p", s.lack_of_fit_p);
  visit("describes", s.describes);
  visit("peak_in_flight", s.peak_in_flight);
  visit("peak_rate_per_s", s.peak_rate_per_s);
}

template <class Visitor, Is<Curve> S>
void visit_fields(Visitor& visit, S& s) {
  visit("workload", s.workload);
  visit("configuration", s.configuration);
  visit("cells", s.cells);
  visit("usl", s.usl);
  visit("usl_note", s.usl_note);
  visit("usl_knee", s.usl_knee);
  visit("kneedle_knee", s.kneedle_knee);
  visit("knee", s.knee);
  visit("knee_note", s.knee_note);
}

template <class Visitor, Is<Bottleneck> S>
void visit_fields(Visitor& visit, S& s) {
  std::string what(name_of(s.kind));
  visit("what", what);
  if constexpr (!std::is_const_v<S>) s.kind = bottleneck_named(what);
  visit("evidence", s.evidence);
}

template <class Visitor, Is<Recommendation> S>
void visit_fields(Visitor& visit, S& s) {
  visit("workload", s.workload);
  visit("goal", s.goal);
  visit("load", s.load);
  visit("best", s.best);
  visit("cheapest", s.cheapest);
  visit("best_cell", s.best_cell);
  visit("cheapest_cell", s.cheapest_cell);
  visit("ratio", s.ratio);
  visit("expected", s.expected);
  visit("regret", s.regret);
  visit("contenders", s.contenders);
  visit("alike", s.alike);
  visit("too_noisy", s.too_noisy);
  visit("repeats_needed", s.repeats_needed);
  visit("limit", s.bottleneck);
  visit("words", s.words);
}

template <class Visitor, Is<FailedCell> S>
void visit_fields(Visitor& visit, S& s) {
  visit("cell", s.cell);
  visit("failure", s.failure);
}

template <class Visitor, Is<Summary> S>
void visit_fields(Visitor& visit, S& s) {
  visit("cells", s.cells);
  visit("failed", s.failed);
  visit("curves", s.curves);
  visit("recommendations", s.recommendations);
  visit("notes", s.notes);
}

}  // namespace troupe::sweep
