#pragma once
// The one list of a result file's fields: the writer and the reader of results_io.cpp both walk it, so they
// cannot disagree.

#include <concepts>
#include <type_traits>

#include "sim/result/results.hpp"

namespace troupe::sim {

template <class S, class T>
concept Is = std::same_as<std::remove_const_t<S>, T>;

template <class Visitor, class S>
requires Is<S, LatencySummary> || Is<S, LatencyStats>
void visit_fields(Visitor& visit, S& s) {
  visit("count", s.count);
  visit("mean_us", s.mean);
  visit("min_us", s.min);
  visit("max_us", s.max);
  visit("p50_us", s.p50);
  visit("p66_us", s.p66);
  visit("p75_us", s.p75);
  visit("p80_us", s.p80);
  visit("p90_us", s.p90);
  visit("p95_us", s.p95);
  visit("p98_us", s.p98);
  visit("p99_us", s.p99);
  visit("p99_9_us", s.p99_9);
  visit("p99_99_us", s.p99_99);
  if constexpr (Is<S, LatencyStats>) visit("histogram", s.histogram);
}

template <class Visitor, Is<TimesStats> S>
void visit_fields(Visitor& visit, S& s) {
  visit("response", s.response);
  visit("service", s.service);
  visit("lag", s.lag);
}

template <class Visitor, Is<TaskStats> S>
void visit_fields(Visitor& visit, S& s) {
  visit("name", s.name);
  visit("method", s.method);
  visit("requests", s.requests);
  visit("failed", s.failed);
  visit("timed_out", s.timed_out);
  visit("wrong", s.wrong);
  visit("late", s.late);
  visit("dropped", s.dropped);
  visit("drained", s.drained);
  visit("drained_wrong", s.drained_wrong);
  visit("drained_unanswered", s.drained_unanswered);
  visit("unfinished", s.unfinished);
  visit("oldest_unfinished_us", s.oldest_unfinished);
  visit("content_bytes", s.content_bytes);
  visit("wanted_share", s.wanted_share);
  visit("rate_per_s", s.rate_per_s);
  visit("good_per_s", s.good_per_s);
  visit("failures_per_s", s.failures_per_s);
  visit("good", s.good);
  visit("bad", s.bad);
}

template <class Visitor, Is<SeriesPoint> S>
void visit_fields(Visitor& visit, S& s) {
  visit("second", s.second);
  visit("seconds", s.seconds);
  visit("measured", s.measured);
  visit("users", s.users);
  visit("requests", s.requests);
  visit("failed", s.failed);
  visit("timed_out", s.timed_out);
  visit("dropped", s.dropped);
  visit("rate_per_s", s.rate_per_s);
  visit("mean_us", s.mean);
  visit("p50_us", s.p50);
  visit("p95_us", s.p95);
  visit("p99_us", s.p99);
  visit("max_us", s.max);
  visit("requests_so_far", s.requests_so_far);
  visit("failed_so_far", s.failed_so_far);
  visit("content_bytes_so_far", s.content_bytes_so_far);
  visit("so_far", s.so_far);
}

template <class Visitor, Is<FailureSample> S>
void visit_fields(Visitor& visit, S& s) {
  visit("request_head", s.request_head);
  visit("request_body", s.request_body);
  visit("status", s.status);
  visit("answer_head", s.answer_head);
  visit("answer_body", s.answer_body);
}

template <class Visitor, Is<FailureStats> S>
void visit_fields(Visitor& visit, S& s) {
  visit("task", s.task);
  visit("method", s.method);
  visit("kind", s.kind);
  visit("message", s.message);
  visit("count", s.count);
  visit("sample", s.sample);
}

template <class Visitor, Is<LittlesLaw> S>
void visit_fields(Visitor& visit, S& s) {
  visit("busy", s.busy);
  visit("rate_per_s", s.rate_per_s);
  visit("mean_service_us", s.mean_service);
  visit("expected_busy", s.expected_busy);
  visit("deviation", s.deviation);
  visit("standard_error", s.standard_error);
}

template <class Visitor, Is<OpenLoad> S>
void visit_fields(Visitor& visit, S& s) {
  visit("offered_per_s", s.offered_per_s);
  visit("answered_per_s", s.answered_per_s);
  visit("backlog", s.backlog);
  visit("backlog_per_s", s.backlog_per_s);
}

template <class Visitor, Is<Verdict> S>
void visit_fields(Visitor& visit, S& s) {
  visit("saturated", s.saturated);
  visit("reasons", s.reasons);
  visit("worker_cpu", s.worker_cpu);
  visit("server_cpu", s.server_cpu);
  visit("users_share", s.users_share);
  visit("lag_p99_us", s.lag_p99);
  visit("littles_law", s.littles_law);
  visit("open_load", s.open_load);
  visit("user_ceiling", s.user_ceiling);
  visit("notes", s.notes);
}

template <class Visitor, Is<WaterfallStage> S>
void visit_fields(Visitor& visit, S& s) {
  visit("name", s.stage);
  visit("mean_us", s.mean);
  visit("p99_us", s.p99);
  visit("requests", s.requests);
}

template <class Visitor, Is<ThresholdOutcome> S>
void visit_fields(Visitor& visit, S& s) {
  visit("text", s.text);
  visit("value", s.value);
  visit("failed", s.failed);
  visit("measured", s.measured);
}

template <class Visitor, Is<CrudPhase> S>
void visit_fields(Visitor& visit, S& s) {
  visit("name", s.name);
  visit("requests", s.requests);
  visit("ok", s.ok);
  visit("failed", s.failed);
  visit("length_s", s.length);
  visit("rate_per_s", s.rate_per_s);
}

template <class Visitor, Is<WorkloadStage> S>
void visit_fields(Visitor& visit, S& s) {
  visit("length_s", s.length);
  visit("target", s.target);
}

template <class Visitor, Is<LoadSummary> S>
void visit_fields(Visitor& visit, S& s) {
  visit("model", s.model);
  visit("users", s.users);
  visit("arrival_rate_per_s", s.arrival_rate_per_s);
  visit("arrivals", s.arrivals);
  visit("stages", s.stages);
  visit("mean_think_s", s.mean_think);
}

template <class Visitor, Is<Host> S>
void visit_fields(Visitor& visit, S& s) {
  visit("cpu", s.cpu);
  visit("cpus", s.cpus);
  visit("memory_bytes", s.memory_bytes);
  visit("kernel", s.kernel);
}

template <class Visitor, Is<RunInfo> S>
void visit_fields(Visitor& visit, S& s) {
  visit("command", s.command);
  visit("settings", s.settings);
  visit("scenario", s.scenario);
  visit("transport", s.transport);
  visit("target", s.target);
  visit("database", s.database);
  visit("workload", s.workload);
  visit("seed", s.seed);
  visit("started_at_unix_s", s.started_at_unix_s);
  visit("started_at", s.started_at);
  visit("elapsed_s", s.elapsed);
  visit("measured_s", s.measured);
  visit("warm_up_s", s.warm_up);
  visit("steady", s.steady);
  visit("interrupted", s.interrupted);
  visit("versions", s.versions);
  visit("host", s.host);
}

template <class Visitor, Is<RunResult> S>
void visit_fields(Visitor& visit, S& s) {
  visit("run", s.run);
  visit("tasks", s.tasks);
  visit("total", s.total);
  visit("series", s.series);
  visit("failures", s.failures);
  visit("statuses", s.statuses);
  visit("verdict", s.verdict);
  visit("waterfall", s.waterfall);
  visit("thresholds", s.thresholds);
  visit("phases", s.phases);
}

}  // namespace troupe::sim
