#include "sim/measure/interval.hpp"

#include <algorithm>

namespace troupe::sim {
namespace {

constexpr std::string_view overflow_message = "other";

void merge(Times<SparseHistogram>& to, const Times<SparseHistogram>& from) {
  merge(to.response, from.response);
  merge(to.service, from.service);
  merge(to.lag, from.lag);
}

}  // namespace

Duration IntervalEdges::end_of(Duration begin) const {
  if (begin >= load_end) return Duration::max();
  auto end = (begin / length + 1) * length;
  if (begin < measured_from) end = std::min(end, measured_from);
  return std::min(end, load_end);
}

IntervalEdges edges_of(const Plan& plan) {
  const auto from = plan.ramp + plan.warm_up.fixed.value_or(Duration{});
  const auto by = plan.warm_up.fixed ? from : std::chrono::ceil<std::chrono::seconds>(plan.ramp) + latest_cut;
  return {from, by, load_length(plan)};
}

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

void add_failure(std::vector<FailureCount>& to, const FailureCount& failure) {
  count_failure(to, failure.task, failure.outcome, failure.message, failure.count);
}

void add_statuses(std::vector<StatusCount>& to, const std::vector<StatusCount>& from) {
  for (const auto& more : from) {
    const auto at = std::ranges::lower_bound(to, more.status, {}, &StatusCount::status);
    at != to.end() && at->status == more.status ? void(at->count += more.count) : void(to.insert(at, more));
  }
}

void merge(Interval& to, const Interval& from) {
  to.users += from.users;
  if (to.tasks.size() < from.tasks.size()) to.tasks.resize(from.tasks.size());
  for (std::size_t i = 0; i < from.tasks.size(); ++i) {
    to.tasks[i].add_counts(from.tasks[i]);
    merge(to.tasks[i].good, from.tasks[i].good);
    merge(to.tasks[i].bad, from.tasks[i].bad);
  }
  to.stragglers.insert(to.stragglers.end(), from.stragglers.begin(), from.stragglers.end());
  for (const auto& failure : from.failures) add_failure(to.failures, failure);
  add_statuses(to.statuses, from.statuses);
}

}  // namespace troupe::sim
