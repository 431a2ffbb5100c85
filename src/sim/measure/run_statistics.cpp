#include "sim/measure/run_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace troupe::sim {
namespace {

/// A recorder's intervals are well-formed by construction: a merge that fails is a bug, which value() turns
/// into an exception.
void add_to(Histogram& to, const SparseHistogram& from) {
  to.merge(from).value();
}

void add_to(Times<Histogram>& to, const Times<SparseHistogram>& from) {
  add_to(to.response, from.response);
  add_to(to.service, from.service);
  add_to(to.lag, from.lag);
}

void add_to(Times<Histogram>& to, const Times<Histogram>& from) {
  to.response.merge(from.response);
  to.service.merge(from.service);
  to.lag.merge(from.lag);
}

TimesStats times_stats(const Times<Histogram>& times) {
  return {latency_stats(times.response), latency_stats(times.service), latency_stats(times.lag)};
}

}  // namespace

TaskRecord<Histogram> add_up(const std::vector<TaskRecord<Histogram>>& tasks) {
  TaskRecord<Histogram> total;
  for (const auto& task : tasks) {
    total.add_counts(task);
    add_to(total.good, task.good);
    add_to(total.bad, task.bad);
  }
  return total;
}

TaskStats task_stats(const RunStatistics::TaskName& name, const TaskRecord<Histogram>& record,
                     Seconds measured) {
  TaskStats out;
  out.name = name.name;
  out.method = name.method;
  out.wanted_share = name.wanted_share;
  out.requests = record.finished();
  out.failed = record.failed;
  out.timed_out = record.timed_out;
  out.wrong = record.wrong;
  out.late = record.late;
  out.dropped = record.dropped;
  out.unfinished = record.unfinished;
  out.oldest_unfinished = std::chrono::duration_cast<Micros>(record.oldest_unfinished);
  out.content_bytes = record.content_bytes;
  out.rate_per_s = per_second(out.requests, measured);
  out.good_per_s = per_second(record.ok, measured);
  out.failures_per_s = per_second(out.failed, measured);
  out.good = times_stats(record.good);
  out.bad = times_stats(record.bad);
  return out;
}

RunStatistics::RunStatistics(std::vector<TaskName> tasks, WarmUp warm_up, Duration ramp,
                             Duration longest_request, Duration load)
    : names_(std::move(tasks)),
      cut_(warm_up, ramp, longest_request),
      totals_(names_.size()),
      drained_(names_.size()),
      series_(load) {}

bool RunStatistics::add(Interval interval) {
  const bool counts = cut_.counts(interval);
  const bool second = !interval.drained && series_.add(interval, counts);
  if (counts) {
    if (const auto counted = cut_.take(std::move(interval))) fold(*counted);
  }
  return second;
}

void RunStatistics::fold(const Interval& interval) {
  for (std::size_t i = 0; i < interval.tasks.size(); ++i) {
    const auto& task = interval.tasks[i];
    if (!interval.drained) {
      totals_[i].add_counts(task);
    } else {
      drained_[i].add({task.ok + task.wrong, task.wrong, task.failed - task.wrong});
      // They were sent while the load went on.
      totals_[i].unfinished += task.unfinished;
      totals_[i].oldest_unfinished = std::max(totals_[i].oldest_unfinished, task.oldest_unfinished);
    }
    add_to(totals_[i].good, task.good);
    add_to(totals_[i].bad, task.bad);
  }
  for (const auto& straggler : interval.stragglers) {
    if (straggler.start < cut_.measured_from()) continue;
    auto& times = straggler.good ? totals_[straggler.task].good : totals_[straggler.task].bad;
    times.response.record(straggler.response);
    if (!straggler.sent) continue;
    times.service.record(straggler.service);
    times.lag.record(straggler.lag);
  }
  for (const auto& failure : interval.failures) add_failure(failures_, failure);
  if (interval.drained) return;
  for (const auto& [status, count] : interval.statuses) statuses_[status] += count;
  counted_ += interval.end - interval.begin;
  if (interval.end - interval.begin == IntervalEdges::length) looks_.add(interval.busy, interval.backlog);
}

void RunStatistics::Drained::add(const Drained& other) {
  answered += other.answered;
  wrong += other.wrong;
  unanswered += other.unanswered;
}

void RunStatistics::tell(const Drained& drained, TaskStats& of) {
  of.drained = drained.answered;
  of.drained_wrong = drained.wrong;
  of.drained_unanswered = drained.unanswered;
}

std::vector<TaskStats> RunStatistics::tasks_so_far() const {
  std::vector<TaskStats> out;
  for (std::size_t i = 0; i < names_.size(); ++i)
    out.push_back(task_stats(names_[i], totals_[i], Seconds(counted_)));
  out.push_back(task_stats({"Aggregated", "", 0}, add_up(totals_), Seconds(counted_)));
  return out;
}

void RunStatistics::finish(Duration elapsed, RunResult& result) {
  series_.close();
  const auto settled = cut_.settle(series_.early());
  for (const auto& interval : settled.rest) fold(interval);
  result.run.elapsed = elapsed;
  result.run.warm_up = std::min(Seconds(cut_.measured_from()), Seconds(elapsed));
  result.run.measured = result.run.elapsed - result.run.warm_up;
  result.run.steady = settled.steady;
  result.tasks.clear();
  Drained drained;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    result.tasks.push_back(task_stats(names_[i], totals_[i], result.run.measured));
    tell(drained_[i], result.tasks.back());
    drained.add(drained_[i]);
  }
  result.total = task_stats({"Aggregated", "", 0}, add_up(totals_), result.run.measured);
  tell(drained, result.total);
  result.series = std::move(series_).points(cut_.measured_from());
  result.statuses.emplace();
  for (const auto& [status, count] : statuses_) (*result.statuses)[std::to_string(status)] = count;
  result.failures.clear();
  for (auto& failure : failures_) {
    const auto& name = names_[failure.task];
    result.failures.push_back(
        {name.name, name.method, std::string(to_string(failure.outcome)), failure.message, failure.count});
  }
}

}  // namespace troupe::sim
