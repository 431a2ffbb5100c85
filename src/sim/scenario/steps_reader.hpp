#pragma once

#include <memory>
#include <string_view>

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/task_reader.hpp"
#include "support/toml_reader.hpp"

namespace troupe::sim {

/// Reads `setup` or `teardown` (the `key`) of the file whose top `top` reads: a scenario of its own, of one
/// user who does the steps once; null: the file has none. `of`: the file's scenario, which has its variables
/// and, for a teardown, its setup. Throws ScenarioFault.
std::shared_ptr<const Scenario> read_steps(const TomlReader& top, std::string_view key, TaskContext context,
                                           const Scenario& of);

}  // namespace troupe::sim
