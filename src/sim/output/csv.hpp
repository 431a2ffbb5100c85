#pragma once

#include <string>
#include <string_view>

#include "sim/result/results.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// A field of a CSV file, quoted where RFC 4180 demands it.
std::string csv_field(std::string_view text);

/// The texts of the three files that Locust 2.12 writes with --csv, with its columns, line ends and row
/// order. Times are milliseconds as there, but with their microseconds as decimals, because a fast server's
/// would all read 0 otherwise.
struct LocustCsv {
  /// PREFIX_stats.csv: a row per task, then "Aggregated".
  std::string stats;
  /// PREFIX_stats_history.csv: a row per second, with percentiles and totals since the start of the run.
  std::string stats_history;
  /// PREFIX_failures.csv: a row per kind of failure.
  std::string failures;
};
LocustCsv locust_csv(const RunResult& result);

/// Writes the three files; each appears whole or not at all.
Result<void> write_locust_csv(const RunResult& result, const std::string& prefix);

}  // namespace troupe::sim
