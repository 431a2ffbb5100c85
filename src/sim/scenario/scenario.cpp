#include "sim/scenario/scenario.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "support/secret_text.hpp"

namespace troupe::sim {

void Scenario::set_variables(std::vector<std::string> names) {
  variables = std::move(names);
  secret_variables.clear();
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (is_secret_name(variables[i])) secret_variables.push_back(static_cast<std::uint16_t>(i));
  }
}

bool Scenario::creates(std::string_view resource) const {
  return std::ranges::any_of(tasks, [&](const Task& task) {
    return task.operation == Operation::create && task.resource == resource;
  });
}

bool Scenario::needs_keys_of(std::string_view resource) const {
  return std::ranges::any_of(tasks,
                             [&](const Task& task) { return task.needs_key() && task.resource == resource; });
}

bool Scenario::removes(std::string_view resource) const {
  return std::ranges::any_of(tasks, [&](const Task& task) {
    return task.needs_key() && task.removes() && task.resource == resource;
  });
}

std::vector<std::string> Scenario::resources() const {
  std::vector<std::string> names;
  for (const auto& task : tasks) {
    const bool known = task.resource.empty() || std::ranges::find(names, task.resource) != names.end();
    if (!known) names.push_back(task.resource);
  }
  return names;
}

const std::vector<std::string>* Scenario::pick_row(Rng& rng) const {
  return data ? &data->rows[rng.below(data->rows.size())] : nullptr;
}

Duration Scenario::mean_think() const {
  if (classes.empty()) return think_time.mean();
  double sum = 0, weights = 0;
  for (const auto& one : classes) {
    sum += one.weight * to_seconds(one.every ? *one.every : one.think_time.mean());
    weights += one.weight;
  }
  return from_seconds(sum / weights);
}

bool Scenario::limits_iterations() const {
  return total_iterations ||
         std::ranges::any_of(classes, [](const UserClass& one) { return one.iterations.has_value(); });
}

bool Scenario::writes() const {
  return existing_items > 0 || std::ranges::any_of(tasks, &Task::writes) || (setup && setup->writes()) ||
         (teardown && teardown->writes());
}

bool Scenario::writes_by_sql() const {
  return std::ranges::any_of(
      tasks, [](const Task& task) { return task.operation == Operation::sql && task.writes(); });
}

bool Scenario::needs_http() const {
  return setup || teardown || std::ranges::any_of(tasks, &Task::needs_http);
}

std::string Scenario::why_targets() const {
  for (const auto& task : tasks) {
    if (task.target > 0)
      return fmt::format("task '{}' is for the target '{}'", task.name, targets[task.target - 1u].name);
  }
  for (const auto& steps : {setup, teardown}) {
    if (auto why = steps ? steps->why_targets() : std::string(); !why.empty()) return why;
  }
  return {};
}

bool Scenario::move_target(const NamedTarget& moved) {
  const auto found = std::ranges::find(targets, moved.name, &NamedTarget::name);
  if (found == targets.end()) return false;
  found->url = moved.url;
  return true;
}

std::string Scenario::why_resources() const {
  for (const auto& task : tasks) {
    if (task.operation == Operation::query) return fmt::format("task '{}' calls a query", task.name);
    if (!task.resource.empty() && !task.on_items())
      return fmt::format("task '{}' works on {}", task.name, task.resource);
  }
  return {};
}

std::string Scenario::why_database() const {
  for (const auto& task : tasks) {
    if (task.operation == Operation::sql) return fmt::format("task '{}' is SQL", task.name);
    for (const auto& parameter : task.parameters) {
      if (std::holds_alternative<ColumnValues>(parameter.source))
        return fmt::format("task '{}' takes values of a column", task.name);
    }
  }
  return why_resources();
}

}  // namespace troupe::sim
