#pragma once

#include <string>
#include <vector>

#include "support/toml_reader.hpp"

namespace troupe::sim {

/// The names of all values that a scenario file takes out of answers, each once: `top` reads the file's top.
/// They come before the tasks, whose texts may use them. Throws ScenarioFault.
std::vector<std::string> read_variable_names(const TomlReader& top);

}  // namespace troupe::sim
