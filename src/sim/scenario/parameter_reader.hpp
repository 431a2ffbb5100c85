#pragma once

#include <string>
#include <vector>

#include "sim/scenario/data_rows.hpp"
#include "sim/scenario/parameter.hpp"
#include "support/toml_reader.hpp"

namespace troupe::sim {

/// Reads a task's `params`, whose place is `path`: "task[2].params". `data` is null where the scenario has
/// none. Throws ScenarioFault.
std::vector<Parameter> read_parameters(const toml::table& params, const std::string& path,
                                       const std::string& file, const DataRows* data);

}  // namespace troupe::sim
