#include "sim/measure/failure_samples.hpp"

#include <algorithm>

namespace troupe::sim {
namespace {

bool is_of_kind(const SampledFailure& one, std::size_t task, CallOutcome outcome, std::string_view message) {
  return one.task == task && one.outcome == outcome && one.message == message;
}

}  // namespace

bool FailureSamples::wants(std::size_t task, CallOutcome outcome, std::string_view message) const {
  return kept_.size() < most && std::ranges::none_of(kept_, [&](const SampledFailure& one) {
           return is_of_kind(one, task, outcome, message);
         });
}

void FailureSamples::merge(const FailureSamples& other) {
  for (const auto& more : other.kept_) {
    const auto same = std::ranges::find_if(kept_, [&](const SampledFailure& one) {
      return is_of_kind(one, more.task, more.outcome, more.message);
    });
    if (same == kept_.end()) {
      kept_.push_back(more);
    } else if (more.when < same->when) {
      *same = more;
    }
  }
  std::ranges::stable_sort(kept_, {}, &SampledFailure::when);
  if (kept_.size() > most) kept_.erase(kept_.begin() + most, kept_.end());
}

void FailureSamples::attach(const std::vector<std::string>& tasks,
                            std::vector<FailureStats>& failures) const {
  for (const auto& one : kept_) {
    for (auto& failure : failures) {
      if (failure.task == tasks[one.task] && failure.kind == to_string(one.outcome) &&
          failure.message == one.message)
        failure.sample = one.sample;
    }
  }
}

}  // namespace troupe::sim
