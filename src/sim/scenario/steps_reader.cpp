#include "sim/scenario/steps_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>

namespace troupe::sim {
namespace {

constexpr std::size_t most_steps = 100;

/// It is about no rows, of which a run knows nothing before its load and behind it.
void refuse_rows(const TomlReader& steps, const toml::node& at, const Task& task) {
  const bool takes_rows = std::ranges::any_of(task.parameters, [](const Parameter& parameter) {
    return std::holds_alternative<ColumnValues>(parameter.source);
  });
  if (task.operation == Operation::request && task.resource.empty() && !takes_rows) return;
  steps.fail(at, fmt::format("{} '{}'", steps.name_of("step"), task.name),
             "must be a request of its own: method and path, without resource, {id} and values of a column");
}

/// Steps are done in order: each of its variables is there by then.
void check_needs(const TomlReader& steps, const toml::node& at, const Task& task, const Scenario& of,
                 const std::set<std::uint16_t>& given) {
  for (const auto variable : task.needs) {
    if (given.contains(variable)) continue;
    steps.fail(at, fmt::format("{} '{}'", steps.name_of("step"), task.name),
               fmt::format("needs {{{}}}, which no step before it gives", of.variables[variable]));
  }
}

}  // namespace

std::shared_ptr<const Scenario> read_steps(const TomlReader& top, std::string_view key, TaskContext context,
                                           const Scenario& of) {
  const auto* table = top.table(key);
  if (table == nullptr) return nullptr;
  const TomlReader reader(*table, std::string(key), context.file, {"step"});
  const auto* entries = reader.array("step");
  if (entries == nullptr || entries->empty() || entries->size() > most_steps)
    reader.fail("step", fmt::format("needs 1 to {} entries, written as [[{}.step]]", most_steps, key));
  context.variables = of.variables;
  context.data = nullptr;  // rows of data are users'
  auto steps = std::make_shared<Scenario>();
  steps->name = of.name;
  steps->file = of.file;
  steps->set_variables(of.variables);
  steps->targets = of.targets;
  UserClass user;
  user.iterations = 1;
  user.ends_on_failure = key == "setup";  // whatever else there is to be put away is put away
  std::set<std::string> names;
  std::set<std::uint16_t> given;
  if (of.setup) {
    for (const auto& task : of.setup->tasks)
      for (const auto& one : task.extractions) given.insert(one.variable);
  }
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const auto& entry = *entries->get(i);
    if (!entry.is_table()) reader.fail("step", fmt::format("must be written as [[{}.step]]", key));
    const auto path = fmt::format("{}.step[{}]", key, i + 1);
    if (entry.as_table()->contains("weight"))
      reader.fail(entry, path + ".weight", "only goes with tasks: these are done in order");
    auto task = read_task(*entry.as_table(), path, context);
    if (!names.insert(task.name).second)
      reader.fail(entry, path + ".name", fmt::format("'{}' is already taken by another step", task.name));
    refuse_rows(reader, entry, task);
    check_needs(reader, entry, task, of, given);
    for (const auto& one : task.extractions) given.insert(one.variable);
    user.steps.push_back(static_cast<std::uint16_t>(i));
    steps->tasks.push_back(std::move(task));
  }
  steps->tasks_by_weight = user.steps;
  steps->classes.push_back(std::move(user));
  steps->places = place_users(steps->classes);
  return steps;
}

}  // namespace troupe::sim
