#pragma once
// The one list of a run record's fields: its writer and its reader both walk it (report/struct_json.hpp).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/record/run_record.hpp"
#include "sim/result/results_fields.hpp"

namespace troupe::sim {

/// A RunRecordHead with its durations as numbers.
struct RecordedHead {
  RunInfo run;
  std::vector<RunStatistics::TaskName> tasks;
  std::optional<std::int64_t> warm_up_ns;  ///< absent: automatic
  std::int64_t ramp_ns = 0, timeout_ns = 0;
  std::optional<std::int64_t> length_ns;
};

/// The parts of an Interval, the same way.
struct RecordedTask {
  Times<SparseHistogram> good, bad;
  std::uint64_t ok = 0, failed = 0, timed_out = 0, late = 0, dropped = 0, unfinished = 0, content_bytes = 0;
  Micros oldest_unfinished{};
};
struct RecordedStraggler {
  std::uint64_t task = 0;
  bool good = true;
  std::int64_t start_ns = 0;
  Micros response{}, service{}, lag{};
  bool sent = true;
};
struct RecordedFailure {
  std::uint64_t task = 0, outcome = 0, count = 0;
  std::string message;
};
struct RecordedSecond {
  std::int64_t begin_ns = 0, end_ns = 0;
  bool drained = false;
  std::uint64_t users = 0;
  double busy = 0, backlog = 0;
  std::vector<RecordedTask> tasks;
  std::vector<RecordedStraggler> stragglers;
  std::vector<RecordedFailure> failures;
};

template <class Visitor, Is<RunStatistics::TaskName> S>
void visit_fields(Visitor& visit, S& s) {
  visit("name", s.name);
  visit("method", s.method);
  visit("wanted_share", s.wanted_share);
}

template <class Visitor, Is<RecordedHead> S>
void visit_fields(Visitor& visit, S& s) {
  visit("run", s.run);
  visit("tasks", s.tasks);
  visit("warm_up_ns", s.warm_up_ns);
  visit("ramp_ns", s.ramp_ns);
  visit("timeout_ns", s.timeout_ns);
  visit("length_ns", s.length_ns);
}

template <class Visitor, Is<Times<SparseHistogram>> S>
void visit_fields(Visitor& visit, S& s) {
  visit("response", s.response);
  visit("service", s.service);
  visit("lag", s.lag);
}

template <class Visitor, Is<RecordedTask> S>
void visit_fields(Visitor& visit, S& s) {
  visit("good", s.good);
  visit("bad", s.bad);
  visit("ok", s.ok);
  visit("failed", s.failed);
  visit("timed_out", s.timed_out);
  visit("late", s.late);
  visit("dropped", s.dropped);
  visit("unfinished", s.unfinished);
  visit("oldest_unfinished_us", s.oldest_unfinished);
  visit("content_bytes", s.content_bytes);
}

template <class Visitor, Is<RecordedStraggler> S>
void visit_fields(Visitor& visit, S& s) {
  visit("task", s.task);
  visit("good", s.good);
  visit("start_ns", s.start_ns);
  visit("response_us", s.response);
  visit("service_us", s.service);
  visit("lag_us", s.lag);
  visit("sent", s.sent);
}

template <class Visitor, Is<RecordedFailure> S>
void visit_fields(Visitor& visit, S& s) {
  visit("task", s.task);
  visit("outcome", s.outcome);
  visit("message", s.message);
  visit("count", s.count);
}

template <class Visitor, Is<RecordedSecond> S>
void visit_fields(Visitor& visit, S& s) {
  visit("begin_ns", s.begin_ns);
  visit("end_ns", s.end_ns);
  visit("drained", s.drained);
  visit("users", s.users);
  visit("busy", s.busy);
  visit("backlog", s.backlog);
  visit("tasks", s.tasks);
  visit("stragglers", s.stragglers);
  visit("failures", s.failures);
}

}  // namespace troupe::sim
