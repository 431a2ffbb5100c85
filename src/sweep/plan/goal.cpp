#include "sweep/plan/goal.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <optional>

#include "support/parse.hpp"

namespace troupe::sweep {
namespace {

using Metric = sim::Threshold::Metric;

/// What a repeat recorded of it; none for what repeats do not record.
std::optional<double> recorded(const sim::Threshold& condition, const Repeat& repeat) {
  const auto us = [](sim::Micros value) { return static_cast<double>(value.count()); };
  switch (condition.metric) {
    case Metric::max:
      return us(repeat.max);
    case Metric::mean:
      return repeat.mean.count();
    case Metric::error_rate:
      return repeat.error_rate();
    case Metric::percentile:
      if (condition.percentile == 50) return us(repeat.p50);
      if (condition.percentile == 90) return us(repeat.p90);
      if (condition.percentile == 99) return us(repeat.p99);
      if (condition.percentile == 99.9) return us(repeat.p99_9);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<Goal> parse_goal(std::string_view text) {
  constexpr std::string_view begin = "rate while ";
  constexpr std::string_view between = " and ";
  const auto fault = [&](std::string_view why) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("goal '{}': {} (write for instance 'rate while p99 < 20ms'; conditions are on p50, "
                    "p90, p99, p99.9, max, mean or error_rate)",
                    text, why)};
  };
  Goal out{std::string(trim(text)), {}};
  std::string_view left = out.text;
  if (!left.starts_with(begin)) return fault("it does not begin with 'rate while'");
  left.remove_prefix(begin.size());
  for (bool more = true; more;) {
    const auto at = left.find(between);
    more = at != std::string_view::npos;
    auto condition = sim::parse_threshold(left.substr(0, at));
    if (!condition) return fault(fmt::format("'{}' is no condition", trim(left.substr(0, at))));
    if (!condition->task.empty() || condition->after != Duration{} || !recorded(*condition, Repeat{})) {
      return fault(fmt::format("a sweep does not record what '{}' asks for", condition->text));
    }
    out.conditions.push_back(*std::move(condition));
    if (more) left.remove_prefix(at + between.size());
  }
  return out;
}

bool meets(const Goal& goal, const Repeat& repeat) {
  return repeat.requests > 0 && std::ranges::all_of(goal.conditions, [&](const sim::Threshold& condition) {
           return holds(condition, recorded(condition, repeat).value_or(unknown));
         });
}

}  // namespace troupe::sweep
