#pragma once

#include <span>
#include <string>

#include "sim/scenario/task.hpp"
#include "support/toml_reader.hpp"

namespace troupe::sim {

/// Reads what makes an answer a good one: `status`, `body_contains` and `checks`. Throws ScenarioFault.
void read_checks(const TomlReader& reader, Checks& checks);
/// Reads `extract`; `variables` has every name in it. Throws ScenarioFault.
std::vector<Extraction> read_extractions(const TomlReader& reader, std::span<const std::string> variables);

}  // namespace troupe::sim
