#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/scenario/named_target.hpp"
#include "sim/scenario/task.hpp"
#include "support/toml_reader.hpp"

namespace troupe::sim {

/// What tasks of a scenario file are read with. References outlive it.
struct TaskContext {
  const std::string& file;
  std::shared_ptr<const DataRows> data = {};    ///< null: there is none
  std::span<const std::string> variables = {};  ///< that answers give
  std::span<const NamedTarget> targets = {};    ///< that tasks may name
  std::vector<FieldText> fields = {};           ///< of every request's head
  std::uint8_t follow = 0;                      ///< of tasks that do not say
  std::string collection_path = "/items/";
  std::string item_path = "/items/{id}";
};

/// Refuses what is no path of a request.
void check_path(const TomlReader& reader, std::string_view key, const std::string& path);

/// How many redirects are followed, as `follow` says.
std::uint8_t read_follow(const TomlReader& reader, std::uint8_t otherwise);

/// Reads one [[task]], whose place is `path`: "task[2]". Throws ScenarioFault.
Task read_task(const toml::table& table, const std::string& path, const TaskContext& context);

/// A task on items, as a cycle has them, with the context's head. Throws ScenarioFault, told through
/// `reader`.
Task item_task(Operation operation, const TomlReader& reader, const TaskContext& context);

}  // namespace troupe::sim
