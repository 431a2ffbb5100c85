#include "sim/measure/run_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace troupe::sim {
namespace {

constexpr std::size_t busy_batches = 20;

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

double mean_of(std::span<const double> values) {
  return values.empty()
             ? 0
             : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The slope of the least-squares line through values that lie one interval apart.
double slope_per_s(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  if (n < 2) return 0;
  const double mean = mean_of(values), middle = (n - 1) / 2;
  double together = 0, squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = static_cast<double>(i) - middle;
    together += x * (values[i] - mean);
    squares += x * x;
  }
  return together / squares / Seconds(IntervalEdges::length).count();
}

/// Of the mean, by batch means (Law, Simulation Modeling and Analysis, section 9.5.3): neighbours are too
/// alike to count as independent.
double standard_error(std::span<const double> values) {
  if (values.size() < 2 * busy_batches) return 0;
  const auto size = values.size() / busy_batches;
  std::vector<double> means;
  for (std::size_t i = 0; i < busy_batches; ++i) means.push_back(mean_of(values.subspan(i * size, size)));
  const double mean = mean_of(means);
  double squares = 0;
  for (const double value : means) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (busy_batches * (busy_batches - 1)));
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
                     Seconds measured, std::uint64_t drained) {
  TaskStats out;
  out.name = name.name;
  out.method = name.method;
  out.wanted_share = name.wanted_share;
  out.requests = record.finished();
  out.failed = record.failed;
  out.timed_out = record.timed_out;
  out.late = record.late;
  out.dropped = record.dropped;
  out.drained = drained;
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
                             Duration longest_request)
    : names_(std::move(tasks)),
      cut_(warm_up, ramp, longest_request),
      totals_(names_.size()),
      drained_(names_.size()) {}

bool RunStatistics::add(Interval interval) {
  const auto seconds_before = series_.size();
  if (!interval.drained) add_to_second(interval);
  if (cut_.counts(interval)) {
    if (const auto counted = cut_.take(std::move(interval))) fold(*counted);
  }
  return series_.size() > seconds_before;
}

void RunStatistics::add_to_second(const Interval& interval) {
  for (const auto& task : interval.tasks) {
    point_.requests += task.finished();
    point_.failed += task.failed;
    point_.timed_out += task.timed_out;
    point_.dropped += task.dropped;
    point_.failed_so_far += task.failed;
    point_.content_bytes_so_far += task.content_bytes;
    add_to(good_response_, task.good.response);
    add_to(so_far_, task.good.response);
    add_to(so_far_, task.bad.response);
  }
  for (const auto& straggler : interval.stragglers) {
    if (straggler.good) good_response_.record(straggler.response);
    so_far_.record(straggler.response);
  }
  point_.users = interval.users;
  point_length_ += interval.end - interval.begin;
  point_.measured = cut_.counts(interval);
  if (interval.end % std::chrono::seconds(1) == Duration{}) close_second();
}

void RunStatistics::close_second() {
  point_.second = series_.size();
  point_.rate_per_s = per_second(point_.requests, Seconds(point_length_));
  point_.mean = good_response_.mean();
  point_.p50 = good_response_.percentile(50);
  point_.p95 = good_response_.percentile(95);
  point_.p99 = good_response_.percentile(99);
  point_.max = good_response_.max();
  point_.requests_so_far += point_.requests;
  point_.so_far = summarize(so_far_);
  SeriesPoint next;
  next.requests_so_far = point_.requests_so_far;
  next.failed_so_far = point_.failed_so_far;
  next.content_bytes_so_far = point_.content_bytes_so_far;
  series_.push_back(std::exchange(point_, next));
  good_response_.reset();
  point_length_ = {};
}

void RunStatistics::fold(const Interval& interval) {
  for (std::size_t i = 0; i < interval.tasks.size(); ++i) {
    const auto& task = interval.tasks[i];
    (interval.drained ? drained_ : totals_)[i].add_counts(task);
    if (interval.drained) {  // they were sent while the load went on
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
    times.service.record(straggler.service);
    times.lag.record(straggler.lag);
  }
  for (const auto& failure : interval.failures) add_failure(failures_, failure);
  if (interval.drained) return;
  counted_ += interval.end - interval.begin;
  if (interval.end - interval.begin != IntervalEdges::length) return;
  busy_means_.push_back(interval.busy);
  pending_means_.push_back(interval.busy + interval.backlog);
}

std::vector<TaskStats> RunStatistics::tasks_so_far() const {
  std::vector<TaskStats> out;
  for (std::size_t i = 0; i < names_.size(); ++i)
    out.push_back(task_stats(names_[i], totals_[i], Seconds(counted_)));
  out.push_back(task_stats({"Aggregated", "", 0}, add_up(totals_), Seconds(counted_)));
  return out;
}

void RunStatistics::finish(Duration elapsed, RunResult& result) {
  if (point_length_ > Duration{}) close_second();
  const auto settled = cut_.settle(series_);
  for (const auto& interval : settled.rest) fold(interval);
  result.run.elapsed = elapsed;
  result.run.warm_up = std::min(Seconds(cut_.measured_from()), Seconds(elapsed));
  result.run.measured = result.run.elapsed - result.run.warm_up;
  result.run.steady = settled.steady;
  result.tasks.clear();
  std::uint64_t drained = 0;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    result.tasks.push_back(task_stats(names_[i], totals_[i], result.run.measured, drained_[i].finished()));
    drained += drained_[i].finished();
  }
  result.total = task_stats({"Aggregated", "", 0}, add_up(totals_), result.run.measured, drained);
  result.series = std::move(series_);
  result.failures.clear();
  for (auto& failure : failures_) {
    const auto& name = names_[failure.task];
    result.failures.push_back(
        {name.name, name.method, std::string(to_string(failure.outcome)), failure.message, failure.count});
  }
}

BusyFigures RunStatistics::busy() const {
  return {mean_of(busy_means_), standard_error(busy_means_), slope_per_s(pending_means_)};
}

}  // namespace troupe::sim
