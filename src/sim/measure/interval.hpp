#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/load/plan.hpp"
#include "sim/result/call_outcome.hpp"
#include "support/histogram.hpp"
#include "support/time.hpp"

// What was recorded in a part of a second, and the rule by which it counts.
//
//   start ──ramp──warm-up──┬────────────── measured ──────────────┬── drained ──
//                          from                                   to
//     a  ├────────┤        │                                      │            nowhere
//     b              ├─────┼──┤                                   │            in the rate
//     c                    │      ├──────┤                        │            in the rate and in latencies
//     d                    │                                 ├────┼───┤        in latencies; drained
//
// A request counts in latencies by its start and in rates by its end: that is what makes a rate the server's,
// and a latency that of a request which could not know when the measuring ends.

namespace troupe::sim {

/// An automatic warm-up ends this long after the ramp at the latest. Its cut lies between two whole seconds.
constexpr auto latest_cut = std::chrono::seconds(120);

/// Where the intervals of a run end beside the multiples of `length`: so that ramp, warm-up and the end of
/// the load fall between two intervals and never into one. Times are since the start of the run.
struct IntervalEdges {
  static constexpr Duration length = std::chrono::milliseconds(100);
  Duration measured_from{};             ///< with an automatic warm-up: at the earliest
  Duration measured_by{};               ///< at the latest; the same with a fixed one
  Duration load_end = Duration::max();  ///< behind it lies one interval without end: what is drained

  Duration end_of(Duration begin) const;
};
IntervalEdges edges_of(const Plan& plan);

/// The distributions of one kind of answer.
template <class AnyHistogram>
struct Times {
  AnyHistogram response;  ///< from the intended start to the end
  AnyHistogram service;   ///< from the actual start to the end
  AnyHistogram lag;       ///< from when it could begin to the actual start
};

/// What one task did, as plain sums: counts of answers by their end, distributions by their start.
template <class AnyHistogram>
struct TaskRecord {
  Times<AnyHistogram> good;
  Times<AnyHistogram> bad;  ///< of the answers counted in `failed`
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;  ///< includes timed_out
  std::uint64_t timed_out = 0;
  std::uint64_t wrong = 0;       ///< part of failed: an answer that was not as the scenario demands
  std::uint64_t late = 0;        ///< started more than late_after after they could
  std::uint64_t dropped = 0;     ///< never sent: an arrival found no room
  std::uint64_t unfinished = 0;  ///< sent and not answered when the run was ended early
  Duration oldest_unfinished{};  ///< of those; since the intended start
  std::uint64_t content_bytes = 0;

  std::uint64_t finished() const { return ok + failed; }

  template <class OtherHistogram>
  void add_counts(const TaskRecord<OtherHistogram>& other) {
    ok += other.ok;
    failed += other.failed;
    timed_out += other.timed_out;
    wrong += other.wrong;
    late += other.late;
    dropped += other.dropped;
    unfinished += other.unfinished;
    oldest_unfinished = std::max(oldest_unfinished, other.oldest_unfinished);
    content_bytes += other.content_bytes;
  }
};

constexpr Duration late_after = std::chrono::milliseconds(10);

/// The times of a request that began in an earlier interval than the one it ended in. Each user has one at
/// most.
struct Straggler {
  std::size_t task = 0;
  bool good = true;
  Duration start{};  ///< intended, since the start of the run
  Duration response{}, service{}, lag{};
  bool sent = true;  ///< false: it has neither a service time nor a lag
};

/// One kind of failure and how often it happened.
struct FailureCount {
  std::size_t task = 0;
  CallOutcome outcome = CallOutcome::status;
  std::string message;
  std::uint64_t count = 0;
  bool operator==(const FailureCount&) const = default;
};

/// At most this many different failures are told apart in one run; further ones count under the message
/// "other" of their task and kind.
constexpr std::size_t max_distinct_failures = 100;
void add_failure(std::vector<FailureCount>& to, const FailureCount& failure);
/// The same, without building a string for a failure that is already known.
void count_failure(std::vector<FailureCount>& to, std::size_t task, CallOutcome outcome,
                   std::string_view message, std::uint64_t count);

/// How many answers had one status.
struct StatusCount {
  std::uint64_t status = 0;
  std::uint64_t count = 0;
  bool operator==(const StatusCount&) const = default;
};

/// What one worker recorded between two moments or, merged, all of them did.
struct Interval {
  Duration begin{}, end{};                         ///< since the start of the run
  bool drained = false;                            ///< behind the end of the load: no rate
  std::uint64_t users = 0;                         ///< alive at its end
  double busy = 0;                                 ///< requests under way, mean of the swarm's looks
  double backlog = 0;                              ///< arrivals that waited for a user, the same
  std::vector<TaskRecord<SparseHistogram>> tasks;  ///< distributions: of requests that also began in it
  std::vector<Straggler> stragglers;
  std::vector<FailureCount> failures;
  std::vector<StatusCount> statuses{};  ///< of the answers that ended in it, by rising status
};

void add_statuses(std::vector<StatusCount>& to, const std::vector<StatusCount>& from);

/// Adds another worker's part of the same interval.
void merge(Interval& to, const Interval& from);

}  // namespace troupe::sim
