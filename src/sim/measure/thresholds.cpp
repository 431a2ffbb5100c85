#include "sim/measure/thresholds.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "sim/measure/interval.hpp"
#include "support/parse.hpp"

namespace troupe::sim {
namespace {

using Metric = Threshold::Metric;
using Comparison = Threshold::Comparison;

constexpr std::array<std::pair<std::string_view, Metric>, 11> named_metrics{
    {{"max", Metric::max},
     {"mean", Metric::mean},
     {"error_rate", Metric::error_rate},
     {"checks", Metric::checks},
     {"rate", Metric::rate},
     {"good_rate", Metric::good_rate},
     {"failures", Metric::failures},
     {"dropped", Metric::dropped},
     {"late", Metric::late},
     {"timed_out", Metric::timed_out},
     {"unfinished", Metric::unfinished}}};

constexpr std::array<std::pair<std::string_view, Threshold::Answers>, 2> named_answers{
    {{"failed.", Threshold::Answers::failed}, {"all.", Threshold::Answers::all}}};

// The longer spelling first.
constexpr std::array<std::pair<std::string_view, Comparison>, 4> comparisons{
    {{"<=", Comparison::less_or_equal},
     {">=", Comparison::greater_or_equal},
     {"<", Comparison::less},
     {">", Comparison::greater}}};

bool is_latency(Metric metric) {
  return metric == Metric::percentile || metric == Metric::max || metric == Metric::mean;
}

/// Sets metric, answers and percentile; false when `name` is no metric.
bool read_metric(std::string_view name, Threshold& out) {
  for (const auto& [prefix, answers] : named_answers) {
    if (!name.starts_with(prefix)) continue;
    Threshold inner;
    if (!read_metric(name.substr(prefix.size()), inner) || !is_latency(inner.metric)) return false;
    if (inner.answers != Threshold::Answers::good) return false;
    out.metric = inner.metric;
    out.percentile = inner.percentile;
    out.answers = answers;
    return true;
  }
  for (const auto& [known, metric] : named_metrics) {
    if (name == known) {
      out.metric = metric;
      return true;
    }
  }
  if (!name.starts_with('p')) return false;
  const auto percent = parse_number(name.substr(1));
  if (!percent || *percent < 0 || *percent > 100) return false;
  out.metric = Metric::percentile;
  out.percentile = *percent;
  return true;
}

/// Sets task, metric and percentile. Both a task's name and a metric ("p99.9") can hold a dot: the longest
/// metric wins.
bool read_left_side(std::string_view text, Threshold& out) {
  if (read_metric(text, out)) return true;
  for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1)) {
    if (dot > 0 && read_metric(text.substr(dot + 1), out)) {
      out.task = text.substr(0, dot);
      return true;
    }
  }
  return false;
}

Result<double> read_limit(std::string_view text, Metric metric) {
  if (is_latency(metric)) {
    const auto limit = parse_duration(text);
    if (!limit) return limit.error();
    return MeanMicros(*limit).count();
  }
  if (metric != Metric::error_rate && metric != Metric::checks) {
    if (text.ends_with('%'))
      return Error{ErrorCode::invalid_argument, "a percentage only goes with error_rate and checks"};
    const auto limit = parse_number(text);
    if (limit && *limit < 0) return Error{ErrorCode::invalid_argument, fmt::format("'{}' is negative", text)};
    return limit;
  }
  const auto limit = parse_share(text);
  if (limit && *limit > 1) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("{} is more than all requests (write a share, or a percentage with %)", text)};
  }
  return limit;
}

Histogram responses(const TaskStats& stats, Threshold::Answers answers) {
  Histogram out;
  if (answers != Threshold::Answers::failed) out.merge(stats.good.response.histogram).value();
  if (answers != Threshold::Answers::good) out.merge(stats.bad.response.histogram).value();
  return out;
}

std::optional<double> measure_latency(const Threshold& threshold, const TaskStats& stats) {
  const auto histogram = responses(stats, threshold.answers);
  if (histogram.count() == 0) return std::nullopt;
  // The ages of what was never answered are lower bounds, and no time that a limit was kept to.
  if (threshold.answers == Threshold::Answers::good && stats.good_answers() == 0) return std::nullopt;
  if (threshold.metric == Metric::max) return static_cast<double>(histogram.max().count());
  if (threshold.metric == Metric::mean) return histogram.mean().count();
  return static_cast<double>(histogram.percentile(threshold.percentile).count());
}

/// The share of the answers that were as the scenario demands; what got no answer is no part of it.
std::optional<double> measure_checks(const TaskStats& stats) {
  const auto wrong = stats.wrong.value_or(0);
  const auto answers = stats.requests - stats.failed + wrong;
  if (!stats.wrong || answers == 0) return std::nullopt;
  return 1 - static_cast<double>(wrong) / static_cast<double>(answers);
}

/// Nothing where there is nothing to judge by.
std::optional<double> measure(const Threshold& threshold, const TaskStats& stats) {
  if (is_latency(threshold.metric)) return measure_latency(threshold, stats);
  if (stats.all_requests() + stats.dropped == 0) return std::nullopt;
  switch (threshold.metric) {
    case Metric::error_rate:
      return stats.requests == 0 ? std::nullopt : std::optional(stats.error_rate());
    case Metric::checks:
      return measure_checks(stats);
    case Metric::rate:
      return stats.rate_per_s;
    case Metric::good_rate:
      return stats.good_per_s;
    case Metric::failures:
      return static_cast<double>(stats.failed);
    case Metric::dropped:
      return static_cast<double>(stats.dropped);
    case Metric::late:
      return static_cast<double>(stats.late);
    case Metric::timed_out:
      return static_cast<double>(stats.timed_out);
    case Metric::unfinished:
      return static_cast<double>(stats.unfinished);
    case Metric::percentile:
    case Metric::max:
    case Metric::mean:
      break;
  }
  return std::nullopt;
}

}  // namespace

namespace {

/// Takes "after 30s:" off the front. Intervals are a tenth of a second long, and none is split.
Result<Duration> take_after(std::string_view& text) {
  constexpr std::string_view word = "after ";
  text = trim(text);
  const auto colon = text.find(':');
  if (!text.starts_with(word) || colon == text.npos) return Duration{};
  const auto time = trim(text.substr(word.size(), colon - word.size()));
  const auto after = parse_duration(time);
  if (!after) return after.error();
  if (*after <= Duration{} || *after % IntervalEdges::length != Duration{}) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("after {} must be a time above 0 in whole tenths of a second, as 'after 30s:'", time)};
  }
  text.remove_prefix(colon + 1);
  return after;
}

}  // namespace

Result<Threshold> parse_threshold(std::string_view whole) {
  auto text = whole;
  const auto fault = [&](std::string_view why) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format(
            "threshold '{}': {} (write for instance 'p99 > 50ms', 'get.p99.9 > 1s', 'error_rate > 0.1%', "
            "'checks < 99%', 'rate < 1000' or 'after 30s: p99 > 50ms'; metrics: p50 … p99.9, max, mean, each "
            "also "
            "failed.… and all.…, error_rate, checks, rate, good_rate, failures, dropped, late, timed_out, "
            "unfinished)",
            whole, why)};
  };
  Threshold out;
  out.text = trim(whole);
  const auto after = take_after(text);
  if (!after) return fault(after.error().message);
  out.after = *after;
  const auto at = text.find_first_of("<>");
  if (at == std::string_view::npos) return fault("it has no <, <=, > or >=");
  auto right = text.substr(at);
  for (const auto& [spelling, comparison] : comparisons) {
    if (!right.starts_with(spelling)) continue;
    out.comparison = comparison;
    right.remove_prefix(spelling.size());
    break;
  }
  const auto left = trim(text.substr(0, at));
  if (!read_left_side(left, out)) return fault(fmt::format("'{}' is not a metric", left));
  const auto limit = read_limit(trim(right), out.metric);
  if (!limit) return fault(limit.error().message);
  out.limit = *limit;
  return out;
}

Result<void> check_task(const Threshold& threshold, std::span<const std::string> task_names) {
  if (threshold.task.empty() ||
      std::find(task_names.begin(), task_names.end(), threshold.task) != task_names.end()) {
    return {};
  }
  return Error{ErrorCode::invalid_argument,
               fmt::format("threshold '{}': the scenario has no task '{}' (it has: {})", threshold.text,
                           threshold.task, fmt::join(task_names, ", "))};
}

bool holds(const Threshold& threshold, double value) {
  switch (threshold.comparison) {
    case Comparison::less:
      return value < threshold.limit;
    case Comparison::less_or_equal:
      return value <= threshold.limit;
    case Comparison::greater:
      return value > threshold.limit;
    case Comparison::greater_or_equal:
      break;
  }
  return value >= threshold.limit;
}

ThresholdOutcome evaluate(const Threshold& threshold, std::span<const TaskStats> tasks,
                          const TaskStats& total) {
  static const TaskStats nothing;
  const TaskStats* stats = &total;
  if (!threshold.task.empty()) {
    const auto found = std::find_if(tasks.begin(), tasks.end(),
                                    [&](const TaskStats& task) { return task.name == threshold.task; });
    stats = found == tasks.end() ? &nothing : &*found;
  }
  const auto value = measure(threshold, *stats);
  if (!value) return {.text = threshold.text, .measured = false};
  return {threshold.text, *value, holds(threshold, *value), true};
}

}  // namespace troupe::sim
