#pragma once

#include <cstdint>
#include <vector>

#include "sim/load/plan.hpp"
#include "sim/measure/run_statistics.hpp"
#include "sim/result/results.hpp"

namespace troupe::sim {

/// CPU time that workers have used at one moment.
struct CpuSample {
  TimePoint when{};
  std::vector<Duration> workers;  ///< the users'
  std::vector<Duration> server;   ///< our own server's: the same ones with the direct transport
};

/// Busy share of each worker over the `wall` time between two samples of CPU time, 0 to 1.
std::vector<double> busy_shares(const std::vector<Duration>& from, const std::vector<Duration>& to,
                                Duration wall);

/// What is known of the load generator beside the run's result.
struct GeneratorFacts {
  std::vector<double> worker_cpu;  ///< busy shares of the workers that users run on
  std::vector<double> server_cpu;  ///< of those that our own server runs on
  Histogram timer_lag;             ///< how late the workers' timers came
  BusyFigures busy;                ///< requests under way
  /// Where the server runs. On the same workers: their CPU time does not tell who used it.
  enum class Server { outside, on_same_machine, on_same_workers } server = Server::outside;
  double users_share = 0;  ///< of the time that the users' workers worked: users' own turns
};

/// Whether the load generator, and not the server, was the bottleneck, and what else a reader must know of
/// it. `result` is complete but for the verdict. Pure.
Verdict judge_generator(const RunResult& result, const Plan& plan, const GeneratorFacts& facts);

}  // namespace troupe::sim
