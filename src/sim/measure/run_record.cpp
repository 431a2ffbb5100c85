#include "sim/measure/run_record.hpp"

#include <algorithm>

#include "sim/measure/warmup.hpp"

namespace troupe::sim {
namespace {

/// MSER-5 cuts at most half of what it sees, so twice this many seconds are looked at.
constexpr std::size_t most_kept_s = 120;

std::uint64_t whole_seconds(Duration value) {
  return static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(value).count());
}

double per_second(std::uint64_t count, Seconds time) {
  return time.count() > 0 ? static_cast<double>(count) / time.count() : 0;
}

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

}  // namespace

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

TaskStats task_stats(const RunRecord::TaskName& name, const TaskRecord<Histogram>& record, Seconds measured) {
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

RunRecord::RunRecord(std::vector<TaskName> tasks, WarmUp warm_up, Duration ramp)
    : names_(std::move(tasks)), warm_up_(warm_up), ramp_s_(whole_seconds(ramp)), totals_(names_.size()) {}

const SeriesPoint& RunRecord::add(Interval second) {
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

  const auto first_measured = ramp_s_ + (warm_up_.fixed ? whole_seconds(*warm_up_.fixed) : 0);
  point.measured = second.second >= first_measured;
  if (point.measured) {
    if (!warm_up_.fixed && kept_.size() < most_kept_s) {
      kept_.push_back(std::move(second));
    } else {
      fold(second);
    }
  }
  return series_.emplace_back(std::move(point));
}

void RunRecord::fold(const Interval& second) {
  for (std::size_t i = 0; i < second.tasks.size(); ++i) add_to(totals_[i], second.tasks[i]);
  for (const auto& failure : second.failures) add_failure(failures_, failure);
}

std::vector<TaskStats> RunRecord::tasks_so_far() const {
  const auto measured =
      std::count_if(series_.begin(), series_.end(), [](const auto& point) { return point.measured; });
  const Seconds time(static_cast<double>(measured) - static_cast<double>(kept_.size()));
  std::vector<TaskStats> out;
  for (std::size_t i = 0; i < names_.size(); ++i) out.push_back(task_stats(names_[i], totals_[i], time));
  out.push_back(task_stats({"Aggregated", ""}, add_up(totals_), time));
  return out;
}

/// Decides an automatic warm-up's cut and folds what is kept after it; how many seconds after the ramp were
/// left out.
std::uint64_t RunRecord::settle() {
  std::vector<double> rates, means;
  for (const auto& point : series_) {
    if (!point.measured || rates.size() >= 2 * most_kept_s) continue;
    rates.push_back(point.rate_per_s);
    means.push_back(point.mean.count());
  }
  // An open workload's rate is even from the start while its response times settle, a closed one's may be the
  // other way round.
  const auto by_rate = mser5(rates);
  const auto by_mean = mser5(means);
  steady_ = by_rate.conclusive && by_mean.conclusive;
  const auto cut = std::max(by_rate.count, by_mean.count);
  for (std::size_t i = cut; i < kept_.size(); ++i) fold(kept_[i]);
  std::size_t left_out = 0;
  for (auto& point : series_) {
    if (!point.measured || left_out == cut) continue;
    point.measured = false;
    ++left_out;
  }
  kept_.clear();
  return cut;
}

void RunRecord::finish(Duration elapsed, RunResult& result) {
  if (!series_.empty()) {
    auto& last = series_.back();
    const auto length = Seconds(elapsed) - Seconds(static_cast<double>(last.second));
    if (length > Seconds(0) && length < Seconds(1)) last.rate_per_s = per_second(last.requests, length);
  }
  auto warm_up_s = ramp_s_ + (warm_up_.fixed ? whole_seconds(*warm_up_.fixed) : 0);
  if (!warm_up_.fixed) warm_up_s += settle();
  result.run.elapsed = elapsed;
  result.run.warm_up = std::min(Seconds(static_cast<double>(warm_up_s)), result.run.elapsed);
  result.run.measured = result.run.elapsed - result.run.warm_up;
  result.run.steady = steady_;
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
