#pragma once
// The one list of a run record's fields: its writer and its reader both walk it (report/struct_json.hpp).

#include "sim/record/run_record.hpp"
#include "sim/result/results_fields.hpp"

namespace troupe::sim {

template <class Visitor, Is<RunStatistics::TaskName> S>
void visit_fields(Visitor& visit, S& s) {
  visit("name", s.name);
  visit("method", s.method);
  visit("wanted_share", s.wanted_share);
}

template <class Visitor, Is<RunRecordHead> S>
void visit_fields(Visitor& visit, S& s) {
  visit("run", s.run);
  visit("tasks", s.tasks);
  visit("warm_up_ns", s.warm_up.fixed);  // null: automatic
  visit("ramp_ns", s.ramp);
  visit("timeout_ns", s.timeout);
  visit("length_ns", s.length);
}

template <class Visitor, Is<Times<SparseHistogram>> S>
void visit_fields(Visitor& visit, S& s) {
  visit("response", s.response);
  visit("service", s.service);
  visit("lag", s.lag);
}

template <class Visitor, Is<TaskRecord<SparseHistogram>> S>
void visit_fields(Visitor& visit, S& s) {
  visit("good", s.good);
  visit("bad", s.bad);
  visit("ok", s.ok);
  visit("failed", s.failed);
  visit("timed_out", s.timed_out);
  visit("wrong", s.wrong);
  visit("late", s.late);
  visit("dropped", s.dropped);
  visit("unfinished", s.unfinished);
  visit("oldest_unfinished_ns", s.oldest_unfinished);
  visit("content_bytes", s.content_bytes);
}

template <class Visitor, Is<Straggler> S>
void visit_fields(Visitor& visit, S& s) {
  visit("task", s.task);
  visit("good", s.good);
  visit("start_ns", s.start);
  visit("response_ns", s.response);
  visit("service_ns", s.service);
  visit("lag_ns", s.lag);
  visit("sent", s.sent);
}

template <class Visitor, Is<FailureCount> S>
void visit_fields(Visitor& visit, S& s) {
  visit("task", s.task);
  visit("outcome", s.outcome);
  visit("message", s.message);
  visit("count", s.count);
}

template <class Visitor, Is<StatusCount> S>
void visit_fields(Visitor& visit, S& s) {
  visit("status", s.status);
  visit("count", s.count);
}

template <class Visitor, Is<Interval> S>
void visit_fields(Visitor& visit, S& s) {
  visit("begin_ns", s.begin);
  visit("end_ns", s.end);
  visit("drained", s.drained);
  visit("users", s.users);
  visit("busy", s.busy);
  visit("backlog", s.backlog);
  visit("tasks", s.tasks);
  visit("stragglers", s.stragglers);
  visit("failures", s.failures);
  visit("statuses", s.statuses);
}

}  // namespace troupe::sim
