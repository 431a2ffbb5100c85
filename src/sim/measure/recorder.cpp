#include "sim/measure/recorder.hpp"

#include <algorithm>
#include <utility>

namespace troupe::sim {
namespace {

/// Copies out what was recorded and zeroes it; the memory of the histograms stays with the recorder.
Times<SparseHistogram> take_times(Times<Histogram>& times) {
  Times<SparseHistogram> out{times.response.sparse(), times.service.sparse(), times.lag.sparse()};
  times.response.reset();
  times.service.reset();
  times.lag.reset();
  return out;
}

TaskRecord<SparseHistogram> take_task(TaskRecord<Histogram>& task) {
  TaskRecord<SparseHistogram> out;
  out.add_counts(task);
  out.good = take_times(task.good);
  out.bad = take_times(task.bad);
  task.ok = task.failed = task.timed_out = task.wrong = task.late = task.dropped = task.unfinished =
      task.content_bytes = 0;
  task.oldest_unfinished = {};
  return out;
}

}  // namespace

void Recorder::begin(TimePoint start, IntervalEdges edges) {
  start_ = start;
  edges_ = edges;
  begin_ = {};
  end_ = edges_.end_of(begin_);
}

void Recorder::end_load(TimePoint now) {
  const auto elapsed = now - start_;
  if (elapsed >= edges_.load_end) return;
  advance_to(elapsed);
  edges_.load_end = std::max(elapsed, begin_);
  end_ = edges_.end_of(begin_);
}

void Recorder::record(const Sample& sample) {
  advance_to(sample.end - start_);
  auto& task = tasks_[sample.task];
  const bool good = sample.outcome == CallOutcome::ok;
  const auto lag = sample.start - sample.due;
  add_times(sample.task, good,
            {.task = sample.task,
             .good = good,
             .start = sample.intended_start - start_,
             .response = sample.end - sample.intended_start,
             .service = sample.end - sample.start,
             .lag = lag});
  task.content_bytes += sample.content_bytes;
  if (sample.status > 0)
    ++statuses_[std::min<std::size_t>(static_cast<std::size_t>(sample.status), statuses_.size() - 1)];
  if (lag > late_after) ++task.late;
  if (good) {
    ++task.ok;
    return;
  }
  ++task.failed;
  if (sample.outcome == CallOutcome::timed_out) ++task.timed_out;
  if (sample.outcome == CallOutcome::status || sample.outcome == CallOutcome::check) ++task.wrong;
  count_failure(failures_, sample.task, sample.outcome, sample.message, 1);
}

void Recorder::record_dropped(std::size_t task, TimePoint intended) {
  advance_to(intended - start_);
  ++tasks_[task].dropped;
}

void Recorder::record_failure(std::size_t task, CallOutcome outcome, std::string_view message,
                              TimePoint when) {
  advance_to(when - start_);
  count_failure(failures_, task, outcome, message, 1);
}

void Recorder::record_unfinished(std::size_t task, TimePoint intended_start, std::optional<TimePoint> start) {
  const auto end = start_ + edges_.load_end;
  const auto age = std::max(end - intended_start, Duration{});
  advance_to(edges_.load_end);
  ++tasks_[task].unfinished;
  tasks_[task].oldest_unfinished = std::max(tasks_[task].oldest_unfinished, age);
  add_times(task, true,
            {.task = task,
             .good = true,
             .start = intended_start - start_,
             .response = age,
             .service = start ? std::max(end - *start, Duration{}) : Duration{},
             .lag = {},
             .sent = start.has_value()});
}

std::vector<Interval> Recorder::take_until(TimePoint now, std::uint64_t users) {
  advance_to(now - start_);
  for (auto& interval : closed_) interval.users = users;
  return std::exchange(closed_, {});
}

std::vector<Interval> Recorder::take_rest(std::uint64_t users) {
  close_interval();
  for (auto& interval : closed_) interval.users = users;
  return std::exchange(closed_, {});
}

void Recorder::advance_to(Duration elapsed) {
  while (elapsed >= end_ && end_ != Duration::max()) close_interval();
}

void Recorder::close_interval() {
  Interval out{.begin = begin_,
               .end = end_,
               .drained = begin_ >= edges_.load_end,
               .users = 0,
               .busy = 0,
               .backlog = 0,
               .tasks = {},
               .stragglers = std::exchange(stragglers_, {}),
               .failures = std::exchange(failures_, {})};
  for (std::size_t status = 0; status < statuses_.size(); ++status) {
    if (const auto count = std::exchange(statuses_[status], 0); count > 0)
      out.statuses.push_back({status, count});
  }
  out.tasks.reserve(tasks_.size());
  for (auto& task : tasks_) out.tasks.push_back(take_task(task));
  closed_.push_back(std::move(out));
  begin_ = end_;
  end_ = edges_.end_of(begin_);
}

void Recorder::add_times(std::size_t task, bool good, const Straggler& times) {
  if (times.start < begin_) {
    stragglers_.push_back(times);
    return;
  }
  auto& record = good ? tasks_[task].good : tasks_[task].bad;
  record.response.record(times.response);
  if (!times.sent) return;
  record.service.record(times.service);
  record.lag.record(times.lag);
}

}  // namespace troupe::sim
