#include "sim/output/csv.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>
#include <vector>

#include "support/atomic_file.hpp"

namespace troupe::sim {
namespace {

constexpr std::string_view percentile_columns = "50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%";

std::string ms(MeanMicros value) {
  return fmt::format("{}", std::round(value.count()) / 1000);
}

std::string percentiles(const LatencySummary& s) {
  if (s.count == 0) return "N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A";
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{}", ms(s.p50), ms(s.p66), ms(s.p75), ms(s.p80),
                     ms(s.p90), ms(s.p95), ms(s.p98), ms(s.p99), ms(s.p99_9), ms(s.p99_99), ms(s.max));
}

double average(std::uint64_t sum, std::uint64_t count) {
  return count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count);
}

std::string stats_row(std::string_view type, const TaskStats& task) {
  const auto r = task.all_responses();
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_field(type), csv_field(task.name),
                     task.requests, task.failed, ms(r.p50), ms(r.mean), ms(r.min), ms(r.max),
                     average(task.content_bytes, task.requests), task.rate_per_s, task.failures_per_s,
                     percentiles(r));
}

std::string stats_csv(const RunResult& result) {
  std::string out = fmt::format(
      "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,"
      "Max Response Time,Average Content Size,Requests/s,Failures/s,{}\r\n",
      percentile_columns);
  auto tasks = result.tasks;
  std::sort(tasks.begin(), tasks.end(), [](const TaskStats& a, const TaskStats& b) {
    return std::tie(a.name, a.method) < std::tie(b.name, b.method);
  });
  for (const auto& task : tasks) out += stats_row(task.method, task);
  out += stats_row("", result.total);
  return out;
}

std::string history_csv(const RunResult& result) {
  std::string out = fmt::format(
      "Timestamp,User Count,Type,Name,Requests/s,Failures/s,{},Total Request Count,Total Failure Count,"
      "Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response "
      "Time,"
      "Total Average Content Size\r\n",
      percentile_columns);
  for (const auto& point : result.series) {
    const auto& all = point.so_far;
    const double failures_per_s = point.rate_per_s * average(point.failed, point.requests);
    out += fmt::format("{},{},,Aggregated,{:.6f},{:.6f},{},{},{},{},{},{},{},{}\r\n",
                       result.run.started_at_unix_s + static_cast<std::int64_t>(point.second + point.seconds),
                       point.users, point.rate_per_s, failures_per_s, percentiles(all), point.requests_so_far,
                       point.failed_so_far, ms(all.p50), ms(all.mean), ms(all.min), ms(all.max),
                       average(point.content_bytes_so_far, point.requests_so_far));
  }
  return out;
}

std::string failures_csv(const RunResult& result) {
  std::string out = "Method,Name,Error,Occurrences\r\n";
  for (const auto& failure : result.failures) {
    out += fmt::format("{},{},{},{}\r\n", csv_field(failure.method), csv_field(failure.task),
                       csv_field(fmt::format("{}: {}", failure.kind, failure.message)), failure.count);
  }
  return out;
}

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

LocustCsv locust_csv(const RunResult& result) {
  return {stats_csv(result), history_csv(result), failures_csv(result)};
}

Result<void> write_locust_csv(const RunResult& result, const std::string& prefix) {
  const auto csv = locust_csv(result);
  if (auto done = write_file(prefix + "_stats.csv", csv.stats); !done) return done;
  if (auto done = write_file(prefix + "_stats_history.csv", csv.stats_history); !done) return done;
  return write_file(prefix + "_failures.csv", csv.failures);
}

}  // namespace troupe::sim
