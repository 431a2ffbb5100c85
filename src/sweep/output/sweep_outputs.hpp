#pragma once

#include <filesystem>
#include <string>

#include "support/result.hpp"
#include "sweep/analysis/summary.hpp"

namespace troupe::sweep {

/// The text of results.csv (RFC 4180): a row per repeat, in the order they ran; a column per setting that the
/// sweep varied and per field of Repeat. An empty field is an unknown value.
std::string results_csv(const Sweep& sweep);

/// The texts of summary.json and environment.json: one line each.
std::string summary_json(const Summary& summary);
std::string environment_json(const SweepInfo& info);

/// Writes the three into `directory`; each appears whole or not at all.
/// docs/reference/results.md describes them.
Result<void> write_outputs(const std::filesystem::path& directory, const Sweep& sweep,
                           const Summary& summary);

}  // namespace troupe::sweep
