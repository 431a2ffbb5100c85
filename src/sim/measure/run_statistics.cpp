#include "sim/measure/run_statistics.hpp"

#include <algorithm>
#include <utility>

namespace troupe::sim {
namespace {

/// A recorder's intervals are well-formed by construction: a merge that fails is a bug, which value() turns
/// into an exception.
void add_to(Histogram& to, const SparseHistogram& from) {
  to.merge(from).value();
}

void add_to(TaskRecord<Histogram>& to, const TaskRecord<SparseHistogram>& from) {
  to.add_counts(from);
  add_to(to.response, from.response);
  add_to(to.service, from.service);
  add_to(to.lag, from.lag);
}

TaskRecord<Histogram> add_up(const std::vector<TaskRecord<Histogram>>& tasks) {
  TaskRecord<Histogram> total;
  for (const auto& task : tasks) {
    total.add_counts(task);
    total.response.merge(task.response);
    total.service.merge(task.service);
    total.lag.merge(task.lag);
  }
  return total;
}

/// The statistics of one task over the time in which it was measured.
TaskStats task_stats(const RunStatistics::TaskName& name, const TaskRecord<Histogram>& record,
                     Seconds measured) {
  TaskStats out;
  out.name = name.name;
  out.method = name.method;
  out.requests = record.finished();
  out.failed = record.failed;
  out.timed_out = record.timed_out;
  out.late = record.late;
  out.dropped = record.dropped;
  out.content_bytes = record.content_bytes;
  out.rate_per_s = per_second(out.requests, measured);
  out.failures_per_s = per_second(out.failed, measured);
  out.response = latency_stats(record.response);
  out.service = latency_stats(record.service);
  out.lag = latency_stats(record.lag);
  return out;
}

}  // namespace

RunStatistics::RunStatistics(std::vector<TaskName> tasks, WarmUp warm_up, Duration ramp)
    : names_(std::move(tasks)), cut_(warm_up, ramp), totals_(names_.size()) {}

const SeriesPoint& RunStatistics::add(Interval second) {
  SeriesPoint point;
  point.second = second.second;
  point.users = second.users;
  if (!series_.empty()) {
    point.failed_so_far = series_.back().failed_so_far;
    point.content_bytes_so_far = series_.back().content_bytes_so_far;
  }
  Histogram response;
  for (const auto& task : second.tasks) {
    add_to(response, task.response);
    point.requests += task.finished();
    point.failed += task.failed;
    point.timed_out += task.timed_out;
    point.dropped += task.dropped;
    point.failed_so_far += task.failed;
    point.content_bytes_so_far += task.content_bytes;
  }
  so_far_.merge(response);
  point.rate_per_s = static_cast<double>(point.requests);
  point.mean = response.mean();
  point.p50 = response.percentile(50);
  point.p95 = response.percentile(95);
  point.p99 = response.percentile(99);
  point.max = response.max();
  point.requests_so_far = so_far_.count();
  point.so_far = summarize(so_far_);

  point.measured = cut_.counts(second.second);
  if (point.measured) {
    if (const auto counted = cut_.take(std::move(second))) fold(*counted);
  }
  return series_.emplace_back(std::move(point));
}

void RunStatistics::fold(const Interval& second) {
  for (std::size_t i = 0; i < second.tasks.size(); ++i) add_to(totals_[i], second.tasks[i]);
  for (const auto& failure : second.failures) add_failure(failures_, failure);
}

std::vector<TaskStats> RunStatistics::tasks_so_far() const {
  const auto measured =
      std::count_if(series_.begin(), series_.end(), [](const auto& point) { return point.measured; });
  const Seconds time(static_cast<double>(measured) - static_cast<double>(cut_.kept()));
  std::vector<TaskStats> out;
  for (std::size_t i = 0; i < names_.size(); ++i) out.push_back(task_stats(names_[i], totals_[i], time));
  out.push_back(task_stats({"Aggregated", ""}, add_up(totals_), time));
  return out;
}

void RunStatistics::finish(Duration elapsed, RunResult& result) {
  if (!series_.empty()) {
    auto& last = series_.back();
    const auto length = Seconds(elapsed) - Seconds(static_cast<double>(last.second));
    if (length > Seconds(0) && length < Seconds(1)) last.rate_per_s = per_second(last.requests, length);
  }
  const auto settled = cut_.settle(series_);
  for (const auto& second : settled.rest) fold(second);
  result.run.elapsed = elapsed;
  result.run.warm_up = std::min(Seconds(static_cast<double>(settled.left_out_s)), result.run.elapsed);
  result.run.measured = result.run.elapsed - result.run.warm_up;
  result.run.steady = settled.steady;
  result.tasks.clear();
  for (std::size_t i = 0; i < names_.size(); ++i) {
    result.tasks.push_back(task_stats(names_[i], totals_[i], result.run.measured));
  }
  result.total = task_stats({"Aggregated", ""}, add_up(totals_), result.run.measured);
  result.series = std::move(series_);
  result.failures.clear();
  for (auto& failure : failures_) {
    const auto& name = names_[failure.task];
    result.failures.push_back(
        {name.name, name.method, std::string(to_string(failure.outcome)), failure.message, failure.count});
  }
}

}  // namespace troupe::sim
