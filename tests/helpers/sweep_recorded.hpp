#pragma once

#include <string>

#include "sweep/records/records.hpp"

namespace troupe::tests {

/// A repeat with a value in every field; those of two numbers differ.
inline sweep::Repeat sample_repeat(std::uint64_t number = 0) {
  sweep::Repeat repeat;
  repeat.cell = {{"mixed", "http"},
                 {"actors", {{"database.batching", "coalesce"}, {"database.pool_size", "4"}}, 2, 4},
                 {64, 0}};
  repeat.round = number;
  repeat.sequence = number;
  repeat.seed = UINT64_MAX - number;
  repeat.started_at = "2026-01-31T12:00:00Z";
  repeat.measured = sim::Seconds(2.5);
  repeat.requests = 10'000 + number;
  repeat.failed = 3;
  repeat.timed_out = 1;
  repeat.dropped = 2;
  repeat.rate_per_s = 3998.8;
  repeat.in_flight = 12.25;
  repeat.mean = sim::MeanMicros(1234.5);
  repeat.p50 = sim::Micros(1000);
  repeat.p90 = sim::Micros(2000);
  repeat.p99 = sim::Micros(5000);
  repeat.p99_9 = sim::Micros(9000);
  repeat.max = sim::Micros(12'000);
  repeat.worker_cpu = 0.75;
  repeat.cpu.machine = 0.875;
  repeat.rows_per_statement = 3.5;
  repeat.waterfall = {{sim::RequestStage::pool, sim::MeanMicros(20.5), sim::Micros(40)},
                      {sim::RequestStage::sql, sim::MeanMicros(800), sim::Micros(1700)}};
  return repeat;
}

inline sweep::SweepInfo sample_sweep_info() {
  sweep::SweepInfo info;
  info.command = "troupe sweep config/sweep.toml";
  info.started_at = "2026-01-31T12:00:00Z";
  info.seed = 42;
  info.repeats = 5;
  info.duration = sim::Seconds(3);
  info.axes = {{"users", {"64"}}, {"database.pool_size", {"4", "8"}}};
  info.constraints = {"pool_size <= 2 * workers"};
  info.goal = "rate while p99 < 20ms";
  info.test_bed.host = {"A CPU", 2, 4096, "Linux 6.1"};
  info.test_bed.versions = {{"postgresql", "15.14"}};
  info.test_bed.postgresql_settings = {{"fsync", "on"}};
  info.test_bed.database = "embedded PostgreSQL";
  info.test_bed.settings = {{"workers.count", "2"}};
  info.test_bed.notes = {"a note"};
  return info;
}

}  // namespace troupe::tests
