#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "support/result.hpp"
#include "sweep/analysis/summary.hpp"
#include "sweep/plan/grid.hpp"

// What a sweep recommends as a settings file (troupe sweep --write-config).

namespace troupe::cli {

/// Why it cannot be written, told before the sweep begins: there is such a file, or the sweep will have more
/// answers than one.
std::optional<std::string> cannot_write_config(const std::filesystem::path& file, const sweep::Grid& grid);

/// The file's text: what the sweep said as comments, then the recommended settings and those that were the
/// same for all cells and differ from the defaults, but for where the server listens and where PostgreSQL is.
/// Nothing when nothing is recommended. `troupe serve --config` takes it.
std::optional<std::string> config_text(const sweep::SweepInfo& info,
                                       const sweep::Recommendation& recommendation, const sweep::Grid& grid);

}  // namespace troupe::cli
