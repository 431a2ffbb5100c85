#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/result/call_outcome.hpp"
#include "support/histogram.hpp"
#include "support/time.hpp"

namespace troupe::sim {

/// One finished request. Its response time runs from the intended start, its service time from the actual
/// one; lag lies between the two. Counted from the actual start alone, a stall of generator or server would
/// hide how long the requests behind it had to wait (coordinated omission).
struct Sample {
  std::size_t task = 0;
  TimePoint intended_start;
  TimePoint start;
  TimePoint end;
  CallOutcome outcome = CallOutcome::ok;
  std::string_view message;         ///< of a failure: one line of UTF-8, the same for failures of one kind
  std::uint64_t content_bytes = 0;  ///< of the answer's body
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

/// What one task did, as plain sums. Every finished request is in all three histograms, failed ones too.
template <class AnyHistogram>
struct TaskRecord {
  AnyHistogram response;
  AnyHistogram service;
  AnyHistogram lag;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;  ///< includes timed_out
  std::uint64_t timed_out = 0;
  std::uint64_t late = 0;     ///< started more than late_after behind the intended moment
  std::uint64_t dropped = 0;  ///< never sent: an arrival found no free user
  std::uint64_t content_bytes = 0;

  std::uint64_t finished() const { return ok + failed; }

  template <class OtherHistogram>
  void add_counts(const TaskRecord<OtherHistogram>& other) {
    ok += other.ok;
    failed += other.failed;
    timed_out += other.timed_out;
    late += other.late;
    dropped += other.dropped;
    content_bytes += other.content_bytes;
  }
};

/// A request that starts later than this after its intended moment is late.
constexpr Duration late_after = std::chrono::milliseconds(10);

/// What was recorded in one second by one worker or, merged, by all.
struct Interval {
  std::uint64_t second = 0;  ///< since the start of the run
  std::uint64_t users = 0;   ///< alive at its end
  std::vector<TaskRecord<SparseHistogram>> tasks;
  std::vector<FailureCount> failures;
};

/// Adds another worker's part of the same second.
void merge(Interval& to, const Interval& from);

/// One worker's record of the second under way; what it hands out is a value. Recording a success is O(1) and
/// allocates nothing. One owner, not thread-safe. Memory: 564 KB a task.
class Recorder {
 public:
  explicit Recorder(std::size_t task_count) : tasks_(task_count) {}

  void record(const Sample& sample);
  void record_dropped(std::size_t task) { ++tasks_[task].dropped; }
  /// Everything since the last call, under the number of the second that just ended, with the users alive
  /// now.
  Interval take(std::uint64_t second, std::uint64_t users);

 private:
  std::vector<TaskRecord<Histogram>> tasks_;
  std::vector<FailureCount> failures_;
};

}  // namespace troupe::sim
