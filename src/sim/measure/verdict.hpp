#pragma once

#include <cstdint>
#include <vector>

#include "sim/load/plan.hpp"
#include "sim/result/results.hpp"

namespace troupe::sim {

/// CPU time that the workers have used at one moment.
struct CpuSample {
  TimePoint when{};
  std::vector<Duration> workers;
};

/// Busy share of each worker between two samples, 0 to 1.
std::vector<double> busy_shares(const CpuSample& from, const CpuSample& to);

/// What is known of the load generator beside the run's result.
struct GeneratorFacts {
  std::vector<double> worker_cpu;  ///< busy shares
  Histogram timer_lag;             ///< how late the workers' timers came
  /// Our own server ran on the same workers, so their CPU time does not tell who used it.
  bool shares_workers = false;
};

/// Whether the load generator, and not the server, was the bottleneck, and what else a reader must know of
/// it. `result` is complete but for the verdict. Pure.
Verdict judge_generator(const RunResult& result, const Plan& plan, GeneratorFacts facts);

}  // namespace troupe::sim
