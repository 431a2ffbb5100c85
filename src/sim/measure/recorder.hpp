#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/measure/interval.hpp"

namespace troupe::sim {

/// One finished request. Its response time runs from the intended start, its service time from the actual
/// one; lag lies between the two. Counted from the actual start alone, a stall of generator or server would
/// hide how long the requests behind it had to wait (coordinated omission).
struct Sample {
  std::size_t task = 0;
  TimePoint intended_start;
  TimePoint due;  ///< when it could begin: as intended, or when a user became free for it
  TimePoint start;
  TimePoint end;
  CallOutcome outcome = CallOutcome::ok;
  std::string_view message;         ///< of a failure: one line of UTF-8, the same for failures of one kind
  std::uint64_t content_bytes = 0;  ///< of the answer's body
  int status = 0;                   ///< of the answer, in HTTP's terms; 0: none came
};

/// A worker's own record of a run, cut into intervals by the times of what is recorded and not by when
/// somebody looks. Not thread-safe: one owner, no locks; what it hands out is a value. Recording a success is
/// O(1) and allocates nothing but for a straggler. 564 KB a task, twice that once one of it failed.
class Recorder {
 public:
  explicit Recorder(std::size_t task_count) : tasks_(task_count) {}

  /// To be called before anything is recorded: when the run starts, and where its intervals end.
  void begin(TimePoint start, IntervalEdges edges);
  /// The load ends now, earlier than planned; what ends later is drained.
  void end_load(TimePoint now);

  void record(const Sample& sample);
  /// An arrival that was due at `intended` and is never sent.
  void record_dropped(std::size_t task, TimePoint intended);
  /// A failure that is no answer within the load: it counts among the failures alone.
  void record_failure(std::size_t task, CallOutcome outcome, std::string_view message, TimePoint when);
  /// A request that is given up unanswered because the run is. Its age when the load ended is a lower bound
  /// of its times, and counts among the good ones as that: left out, the slowest would make a run look fast.
  /// `start`: absent when it was never sent.
  void record_unfinished(std::size_t task, TimePoint intended_start, std::optional<TimePoint> start);

  /// The intervals that ended by `now` and have not been handed out, with the users alive now.
  std::vector<Interval> take_until(TimePoint now, std::uint64_t users);
  /// When the interval under way ends, and is worth asking for: never, once the load has ended.
  TimePoint next_end() const { return end_ == Duration::max() ? TimePoint::max() : start_ + end_; }
  /// What is left. Call once, at the end.
  std::vector<Interval> take_rest(std::uint64_t users);

 private:
  void advance_to(Duration elapsed);
  void close_interval();
  void add_times(std::size_t task, bool good, const Straggler& times);

  TimePoint start_{};
  IntervalEdges edges_;
  Duration begin_{}, end_ = IntervalEdges::length;
  std::vector<TaskRecord<Histogram>> tasks_;
  std::vector<Straggler> stragglers_;
  std::vector<FailureCount> failures_;
  std::array<std::uint64_t, 600> statuses_{};  ///< answers of the interval under way, by their status
  std::vector<Interval> closed_;
};

}  // namespace troupe::sim
