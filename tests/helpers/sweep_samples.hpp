#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "support/distributions.hpp"
#include "sweep/records/records.hpp"

/// Sweeps made up for tests of what is read out of them.
namespace troupe::tests {

inline sweep::Cell sweep_cell(std::uint64_t pool_size, std::uint64_t users) {
  sweep::Cell cell;
  cell.workload = {"mixed", "direct"};
  cell.configuration.model = "actors";
  cell.configuration.settings = {{"database.pool_size", std::to_string(pool_size)}};
  cell.configuration.workers = 2;
  cell.configuration.connections = pool_size;
  cell.load.users = users;
  return cell;
}

/// A repeat with all figures in keeping with a rate and a mean time in SQL.
inline sweep::Repeat sweep_repeat(const sweep::Cell& cell, std::uint64_t round, double rate_per_s,
                                  double sql_us = 500) {
  sweep::Repeat out;
  out.cell = cell;
  out.round = round;
  out.measured = std::chrono::seconds(3);
  out.requests = static_cast<std::uint64_t>(rate_per_s * 3);
  out.rate_per_s = rate_per_s;
  out.in_flight = static_cast<double>(cell.load.users);
  const double mean_us = cell.load.users > 0 ? out.in_flight / rate_per_s * 1e6 : 2 * sql_us;
  const auto micros = [](double us) { return sim::Micros(std::llround(us)); };
  out.mean = sim::MeanMicros(mean_us);
  out.p50 = micros(0.9 * mean_us);
  out.p90 = micros(1.5 * mean_us);
  out.p99 = micros(3 * mean_us);
  out.p99_9 = micros(5 * mean_us);
  out.max = micros(9 * mean_us);
  out.worker_cpu = 0.3;
  out.cpu.machine = 0.5;
  out.rows_per_statement = 1;
  out.waterfall = {
      {sim::RequestStage::mailbox, sim::MeanMicros(1), micros(3)},
      {sim::RequestStage::pool, sim::MeanMicros(std::max(0.0, mean_us - sql_us)), micros(2 * mean_us)},
      {sim::RequestStage::sql, sim::MeanMicros(sql_us), micros(3 * sql_us)}};
  return out;
}

/// Every cell in every round, its rate times lognormal noise of the given deviation.
inline sweep::Sweep sweep_of(const std::vector<sweep::Cell>& cells, std::uint64_t rounds, double noise,
                             const std::function<double(const sweep::Cell&)>& rate, std::uint64_t seed = 1) {
  sweep::Sweep out;
  out.info.seed = seed;
  out.info.repeats = rounds;
  out.info.duration = std::chrono::seconds(3);
  Rng rng(seed);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (const auto& cell : cells) {
      out.repeats.push_back(sweep_repeat(cell, round, rate(cell) * std::exp(noise * rng.normal())));
      out.repeats.back().sequence = out.repeats.size() - 1;
    }
  }
  return out;
}

}  // namespace troupe::tests
