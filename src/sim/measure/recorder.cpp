#include "sim/measure/recorder.hpp"

#include <algorithm>
#include <utility>

namespace troupe::sim {
namespace {

constexpr std::string_view overflow_message = "other";

/// Copies out what was recorded and zeroes it; the memory of the histograms stays with the recorder.
TaskRecord<SparseHistogram> take_task(TaskRecord<Histogram>& task) {
  TaskRecord<SparseHistogram> out;
  out.add_counts(task);
  out.response = task.response.sparse();
  out.service = task.service.sparse();
  out.lag = task.lag.sparse();
  task.response.reset();
  task.service.reset();
  task.lag.reset();
  task.ok = task.failed = task.timed_out = task.late = task.dropped = task.content_bytes = 0;
  return out;
}

/// Counts a failure without building a string for one that is already known.
void count_failure(std::vector<FailureCount>& to, std::size_t task, CallOutcome outcome,
                   std::string_view message, std::uint64_t count) {
  const auto find = [&](std::string_view wanted) {
    return std::find_if(to.begin(), to.end(), [&](const FailureCount& known) {
      return known.task == task && known.outcome == outcome && known.message == wanted;
    });
  };
  auto known = find(message);
  if (known == to.end() && to.size() >= max_distinct_failures) {
    message = overflow_message;
    known = find(message);
  }
  if (known != to.end()) {
    known->count += count;
  } else {
    to.push_back({task, outcome, std::string(message), count});
  }
}

}  // namespace

void add_failure(std::vector<FailureCount>& to, const FailureCount& failure) {
  count_failure(to, failure.task, failure.outcome, failure.message, failure.count);
}

void merge(Interval& to, const Interval& from) {
  to.users += from.users;
  if (to.tasks.size() < from.tasks.size()) to.tasks.resize(from.tasks.size());
  for (std::size_t i = 0; i < from.tasks.size(); ++i) {
    to.tasks[i].add_counts(from.tasks[i]);
    merge(to.tasks[i].response, from.tasks[i].response);
    merge(to.tasks[i].service, from.tasks[i].service);
    merge(to.tasks[i].lag, from.tasks[i].lag);
  }
  for (const auto& failure : from.failures) add_failure(to.failures, failure);
}

void Recorder::record(const Sample& sample) {
  auto& task = tasks_[sample.task];
  const auto lag = sample.start - sample.intended_start;
  task.response.record(sample.end - sample.intended_start);
  task.service.record(sample.end - sample.start);
  task.lag.record(lag);
  task.content_bytes += sample.content_bytes;
  if (lag > late_after) ++task.late;
  if (sample.outcome == CallOutcome::ok) {
    ++task.ok;
    return;
  }
  ++task.failed;
  if (sample.outcome == CallOutcome::timed_out) ++task.timed_out;
  count_failure(failures_, sample.task, sample.outcome, sample.message, 1);
}

Interval Recorder::take(std::uint64_t second, std::uint64_t users) {
  Interval out{second, users, {}, std::exchange(failures_, {})};
  out.tasks.reserve(tasks_.size());
  for (auto& task : tasks_) out.tasks.push_back(take_task(task));
  return out;
}

}  // namespace troupe::sim
