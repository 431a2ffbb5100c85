#include "sim/measure/run_series.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace troupe::sim {
namespace {

/// Lengths that a clock's face divides into.
constexpr std::array<std::uint64_t, 13> lengths{1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1'800, 3'600};

void add_interval(Histogram& to, const SparseHistogram& from) {
  to.merge(from).value();  // a recorder's intervals are well-formed by construction
}

}  // namespace

std::uint64_t seconds_per_point(Duration load) {
  if (load == Duration::max()) return 1;
  const auto fits = [&](std::uint64_t length) {
    return load <= std::chrono::seconds(length * RunSeries::most_points);
  };
  const auto found = std::ranges::find_if(lengths, fits);
  return found != lengths.end() ? *found : lengths.back();
}

RunSeries::RunSeries(Duration load) : point_seconds_(seconds_per_point(load)) {}

bool RunSeries::add(const Interval& interval, bool measured) {
  growing_second_.add(interval, measured);
  for (const auto& task : interval.tasks) {
    add_interval(so_far_, task.good.response);
    add_interval(so_far_, task.bad.response);
  }
  for (const auto& straggler : interval.stragglers) so_far_.record(straggler.response);
  if (interval.end % std::chrono::seconds(1) != Duration{}) return false;
  close_second();
  if (interval.end % std::chrono::seconds(point_seconds_) == Duration{}) close_point();
  return true;
}

void RunSeries::close_second() {
  growing_point_.add(growing_second_);
  last_second_ = growing_second_.close(so_far_);
  if (last_second_.measured && early_.size() < most_early)
    early_.push_back({last_second_.second, last_second_.rate_per_s, last_second_.mean.count()});
}

void RunSeries::close() {
  if (growing_second_.end > growing_second_.begin) close_second();
  if (growing_point_.end > growing_point_.begin) close_point();
}

std::vector<SeriesPoint> RunSeries::points(Duration measured_from) && {
  for (auto& point : points_) {
    point.measured = point.measured && std::chrono::seconds(point.second + point.seconds) > measured_from;
  }
  return std::move(points_);
}

void RunSeries::Growing::add(const Interval& interval, bool measured) {
  if (end == begin) {
    begin = interval.begin;
    point.second = whole_seconds(begin);
  }
  end = interval.end;
  point.measured = measured;
  for (const auto& task : interval.tasks) {
    point.requests += task.finished();
    point.failed += task.failed;
    point.timed_out += task.timed_out;
    point.dropped += task.dropped;
    point.failed_so_far += task.failed;
    point.content_bytes_so_far += task.content_bytes;
    add_interval(good, task.good.response);
  }
  for (const auto& straggler : interval.stragglers) {
    if (straggler.good) good.record(straggler.response);
  }
  point.users = interval.users;
}

void RunSeries::Growing::add(const Growing& next) {
  if (end == begin) {
    begin = next.begin;
    point.second = next.point.second;
  }
  end = next.end;
  point.measured = next.point.measured;
  point.requests += next.point.requests;
  point.failed += next.point.failed;
  point.timed_out += next.point.timed_out;
  point.dropped += next.point.dropped;
  point.failed_so_far = next.point.failed_so_far;
  point.content_bytes_so_far = next.point.content_bytes_so_far;
  point.users = next.point.users;
  good.merge(next.good);
}

SeriesPoint RunSeries::Growing::close(const Histogram& so_far) {
  const auto length = end - begin;
  point.seconds = static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(length).count());
  point.rate_per_s = per_second(point.requests, Seconds(length));
  point.mean = good.mean();
  point.p50 = good.percentile(50);
  point.p95 = good.percentile(95);
  point.p99 = good.percentile(99);
  point.max = good.max();
  point.requests_so_far += point.requests;
  point.so_far = summarize(so_far);
  SeriesPoint next;
  next.requests_so_far = point.requests_so_far;
  next.failed_so_far = point.failed_so_far;
  next.content_bytes_so_far = point.content_bytes_so_far;
  begin = end;
  good.reset();
  return std::exchange(point, next);
}

}  // namespace troupe::sim
