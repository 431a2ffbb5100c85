#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "support/result.hpp"

// Scenarios as files. Every Error is one line: file, line, key, what is wrong and what is allowed.

namespace troupe::sim {

/// Loads a scenario by name (`<directory>/<name>.toml`, the first directory that has it) or by path (contains
/// a / or ends in .toml). `fields` are in every request's head, before those that the file gives for all.
Result<Scenario> load_scenario(std::string_view name_or_path,
                               std::span<const std::filesystem::path> directories,
                               const std::vector<FieldText>& fields = {});

/// Reads a scenario from TOML. `file` names it in errors; its stem is the scenario's name and its folder is
/// where the data lie.
Result<Scenario> parse_scenario(std::string_view toml, const std::filesystem::path& file,
                                const std::vector<FieldText>& fields = {});

}  // namespace troupe::sim
