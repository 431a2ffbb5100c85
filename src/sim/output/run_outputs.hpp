#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "sim/result/results.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// What Locust's files are called behind their prefix.
inline constexpr std::array csv_suffixes{"_stats.csv", "_stats_history.csv", "_failures.csv"};

/// Where a result goes; "-" is standard output.
struct OutputPaths {
  std::optional<std::string> json, msgpack, hgrm, html;
  std::optional<std::string> csv;  ///< a prefix

  /// Nothing else may then be written there.
  bool uses_standard_output() const;
  bool empty() const { return !json && !msgpack && !hgrm && !html && !csv; }
};

/// Whether one output can be written to `path`. Error: invalid_argument, names the path.
Result<void> check_output(const std::string& path);
/// Writes one output, whole or not at all.
Result<void> write_output(const std::string& path, const std::string& text);

/// Finds out before a run whether its outputs can be written after it. Error: invalid_argument, names the
/// file.
Result<void> check_outputs(const OutputPaths& paths);

/// Writes every output, each whole or not at all, even if another one failed. Returns what failed, one line
/// each.
std::vector<std::string> write_outputs(const RunResult& result, const OutputPaths& paths);

}  // namespace troupe::sim
