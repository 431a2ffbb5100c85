#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/result/call_outcome.hpp"
#include "sim/result/results.hpp"
#include "support/time.hpp"

namespace troupe::sim {

/// The first failing request of one kind: of one task, outcome and message.
struct SampledFailure {
  std::size_t task = 0;
  CallOutcome outcome = CallOutcome::status;
  std::string message;
  TimePoint when{};
  FailureSample sample;
};

/// The first failing request of each kind, of a few kinds. Not thread-safe.
class FailureSamples {
 public:
  /// A run keeps so many kinds.
  static constexpr std::size_t most = 10;

  /// No failure of this kind was kept yet, and there is room for one.
  bool wants(std::size_t task, CallOutcome outcome, std::string_view message) const;
  void add(SampledFailure failure) { kept_.push_back(std::move(failure)); }
  /// Adds another worker's: of each kind, and of all kinds, the earliest are kept.
  void merge(const FailureSamples& other);
  /// Gives each of a run's failures the sample of its kind; `tasks`: their names.
  void attach(const std::vector<std::string>& tasks, std::vector<FailureStats>& failures) const;

 private:
  std::vector<SampledFailure> kept_;
};

}  // namespace troupe::sim
