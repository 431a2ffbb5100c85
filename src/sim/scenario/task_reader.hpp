#pragma once

#include <string>

#include "sim/scenario/task.hpp"
#include "support/toml_reader.hpp"

namespace troupe::sim {

/// What tasks of a scenario file are read with. References outlive it.
struct TaskContext {
  const std::string& file;
  const DataRows* data = nullptr;  ///< null: the scenario has none
  std::string collection_path = "/items/";
  std::string item_path = "/items/{id}";
};

/// Refuses what is no path of a request.
void check_path(const TomlReader& reader, std::string_view key, const std::string& path);

/// Reads one [[task]], whose place is `path`: "task[2]". Throws ScenarioFault.
Task read_task(const toml::table& table, const std::string& path, const TaskContext& context);

/// A task on items, as a cycle has them. Throws ScenarioFault, told through `reader`.
Task item_task(Operation operation, const TomlReader& reader, const TaskContext& context);

}  // namespace troupe::sim
