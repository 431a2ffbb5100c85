#pragma once

#include <string>

#include "support/distributions.hpp"
#include "support/toml_reader.hpp"

namespace troupe::sim {

/// Reads a scenario's `think_time` and `keys`. Throw ScenarioFault.
ThinkTime read_think_time(const toml::table& table, const std::string& file);
KeyChoice read_keys(const toml::table& table, const std::string& file);

}  // namespace troupe::sim
