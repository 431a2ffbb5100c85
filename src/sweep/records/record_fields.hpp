#pragma once
// The one list of a record file's fields: its writer and its reader both walk it (report/struct_json.hpp).

#include "sim/result/results_fields.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

using sim::Is;

template <class Visitor, Is<Workload> S>
void visit_fields(Visitor& visit, S& s) {
  visit("scenario", s.scenario);
  visit("transport", s.transport);
}

template <class Visitor, Is<Load> S>
void visit_fields(Visitor& visit, S& s) {
  visit("users", s.users);
  visit("arrival_rate_per_s", s.arrival_rate_per_s);
}

template <class Visitor, Is<Configuration> S>
void visit_fields(Visitor& visit, S& s) {
  visit("model", s.model);
  visit("settings", s.settings);
  visit("workers", s.workers);
  visit("connections", s.connections);
}

template <class Visitor, Is<Cell> S>
void visit_fields(Visitor& visit, S& s) {
  visit("workload", s.workload);
  visit("configuration", s.configuration);
  visit("load", s.load);
}

template <class Visitor, Is<Repeat> S>
void visit_fields(Visitor& visit, S& s) {
  visit("cell", s.cell);
  visit("round", s.round);
  visit("sequence", s.sequence);
  visit("seed", s.seed);
  visit("started_at", s.started_at);
  visit("failure", s.failure);
  visit("measured_s", s.measured);
  visit("requests", s.requests);
  visit("failed", s.failed);
  visit("timed_out", s.timed_out);
  visit("dropped", s.dropped);
  visit("offered_per_s", s.offered_per_s);
  visit("rate_per_s", s.rate_per_s);
  visit("in_flight", s.in_flight);
  visit("mean_us", s.mean);
  visit("p50_us", s.p50);
  visit("p90_us", s.p90);
  visit("p99_us", s.p99);
  visit("p99_9_us", s.p99_9);
  visit("max_us", s.max);
  visit("worker_cpu", s.worker_cpu);
  visit("machine_cpu", s.cpu.machine);
  visit("troupe_cpu", s.cpu.troupe);
  visit("postgresql_cpu", s.cpu.postgresql);
  visit("others_cpu", s.cpu.others);
  visit("stolen_cpu", s.cpu.stolen);
  visit("disturbed", s.disturbed);
  visit("rows_per_statement", s.rows_per_statement);
  visit("saturated", s.saturated);
  visit("service_cpu_s", s.service_cpu_s);
  visit("waterfall", s.waterfall);
}

template <class Visitor, Is<Input> S>
void visit_fields(Visitor& visit, S& s) {
  visit("sha256", s.sha256);
  visit("text", s.text);
}

template <class Visitor, Is<TestBed> S>
void visit_fields(Visitor& visit, S& s) {
  visit("host", s.host);
  visit("versions", s.versions);
  visit("postgresql_settings", s.postgresql_settings);
  visit("database", s.database);
  visit("settings", s.settings);
  visit("inputs", s.inputs);
  visit("notes", s.notes);
}

template <class Visitor, Is<Service> S>
void visit_fields(Visitor& visit, S& s) {
  visit("target", s.target);
  visit("axes", s.axes);
  visit("before", s.before);
  visit("after", s.after);
  visit("command_timeout_s", s.command_timeout);
  visit("command_output_bytes", s.command_output);
  visit("ready", s.ready);
  visit("ready_timeout_s", s.ready_timeout);
  visit("cpu_of", s.cpu_of);
  visit("cacert", s.ca_file);
  visit("insecure", s.insecure);
  visit("resolve", s.resolve);
  visit("no_check", s.no_check);
  visit("headers", s.headers);
  visit("bearer_env", s.bearer_env);
}

template <class Visitor, Is<SweepInfo> S>
void visit_fields(Visitor& visit, S& s) {
  visit("command", s.command);
  visit("started_at", s.started_at);
  visit("seed", s.seed);
  visit("repeats", s.repeats);
  visit("duration_s", s.duration);
  visit("warm_up_s", s.warm_up);
  visit("budget_s", s.budget);
  visit("axes", s.axes);
  visit("constraints", s.constraints);
  visit("load_options", s.load_options);
  visit("goal", s.goal);
  visit("stand_in", s.stand_in);
  visit("service", s.service);
  visit("environment", s.test_bed);
}

}  // namespace troupe::sweep
