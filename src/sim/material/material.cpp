#include "sim/material/material.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>

#include "schema/body.hpp"
#include "schema/file/query_entry.hpp"
#include "schema/table_name.hpp"
#include "sim/material/call_material.hpp"
#include "sim/material/table_facts.hpp"
#include "sim/rows/item_maker.hpp"

namespace troupe::sim {
namespace {

using postgres::SharedResource;
using schema::Resource;

/// The items API that is built in: rows of it are made before a run, and have values of their own.
bool is_items_api(const Resource& resource) {
  return resource.lenient;
}

bool sends_row(const Task& task) {
  return task.operation == Operation::create || task.operation == Operation::update;
}

/// The method that an operation needs the resource to have; null: none.
const bool* method_for(const Resource& resource, Operation operation) {
  switch (operation) {
    case Operation::list:
      return &resource.methods.list;
    case Operation::create:
      return &resource.methods.create;
    case Operation::get:
      return &resource.methods.read;
    case Operation::update:
      return &resource.methods.replace;
    case Operation::remove:
      return &resource.methods.remove;
    default:
      return nullptr;
  }
}

/// Why a task cannot be done with a resource; empty when it can.
std::string fault_of(const Task& task, const Resource& resource) {
  const auto* method = method_for(resource, task.operation);
  if (method != nullptr && !*method)
    return fmt::format("{} cannot {}: the table, the privileges or the resource file do not allow it",
                       resource.name,
                       task.operation == Operation::update ? "replace a row" : to_string(task.operation));
  if (task.needs_key() && resource.key.empty()) return fmt::format("{} has no key", resource.name);
  const bool changes = task.operation == Operation::update || task.operation == Operation::remove;
  if (changes && resource.require_match)
    return fmt::format("{} demands If-Match (require_match), which tasks do not send", resource.name);
  return {};
}

/// Makes the material of one scenario, step by step.
class MaterialMaker {
 public:
  MaterialMaker(const Scenario& scenario, const postgres::Served& served, RowSource* rows, std::uint64_t seed)
      : scenario_(scenario), served_(served), resources_(served.resources), rows_(rows), seed_(seed) {}

  Result<std::shared_ptr<const Material>> make() {
    if (const auto why = scenario_.why_database(); rows_ == nullptr && !why.empty())
      return invalid(why + ", which needs a PostgreSQL");
    for (const auto& name : scenario_.resources()) {
      if (auto added = add_table(name); !added) return added.error();
    }
    if (scenario_.existing_items > 0 && !material_.items)
      return invalid("existing_items: makes items, and no task works on items");
    for (std::size_t i = 0; i < scenario_.tasks.size(); ++i) {
      auto made = task_material(scenario_.tasks[i]);
      if (!made) {
        return Error{made.error().code,
                     fmt::format("task '{}': {}", scenario_.tasks[i].name, made.error().message)};
      }
      material_.tasks.push_back(std::move(*made));
    }
    if (material_.items) {
      auto made = task_material(scenario_.create);
      if (!made) return made.error();
      material_.create = std::move(*made);
    }
    return std::make_shared<const Material>(std::move(material_));
  }

 private:
  Result<void> add_table(const std::string& name) {
    const auto found =
        std::ranges::find(resources_, name, [](const auto& one) { return one->resource.name; });
    if (found == resources_.end()) return unknown(name);
    TableMaterial table{*found, {}, {}, {}};
    const auto& resource = table.resource->resource;
    schema::ListQuery page;
    page.limit = resource.default_limit;
    for (const auto place : resource.key) page.order.push_back({place, false});
    table.first_page = std::make_shared<const schema::ListQuery>(std::move(page));
    for (std::size_t i = 0; i < scenario_.tasks.size() && !table.create_task; ++i) {
      const auto& task = scenario_.tasks[i];
      if (task.operation == Operation::create && task.resource == name) table.create_task = i;
    }
    if (is_items_api(resource)) {
      material_.items = material_.tables.size();
    } else if (scenario_.needs_keys_of(name) && !resource.key.empty()) {
      auto keys = existing_keys(resource, *rows_, scenario_.sample);
      if (!keys) return keys.error();
      if (keys->empty() && !table.create_task)
        return invalid(fmt::format("{} has no rows, and no task creates some", name));
      table.keys = std::move(*keys);
    }
    material_.tables.push_back(std::move(table));
    return {};
  }

  Error unknown(const std::string& name) const {
    const auto user = std::ranges::find(scenario_.tasks, name, &Task::resource);
    std::vector<std::string> names;
    for (const auto& one : resources_) names.push_back(one->resource.name);
    const auto there = names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
    if (name == items_resource) {
      return invalid(fmt::format("task '{}' names no resource, and there are no items: give it one of {}",
                                 user->name, there));
    }
    return invalid(
        fmt::format("task '{}' works on {}, which is not served (resources: {})", user->name, name, there));
  }

  Result<TaskMaterial> task_material(const Task& task) {
    TaskMaterial made;
    for (const auto& parameter : task.parameters) {
      auto values = column_values(parameter);
      if (!values) return values.error();
      made.parameters.push_back(parameter_maker(parameter.source, *values));
    }
    made.method = task.method;
    made.path = task.path;
    made.body = task.body;
    if (task.calls()) return call_material(task, std::move(made));
    if (task.resource.empty()) return made;
    const auto table = std::ranges::find(material_.tables, task.resource,
                                         [](const auto& one) { return one.resource->resource.name; });
    made.table = static_cast<std::size_t>(table - material_.tables.begin());
    const auto& resource = table->resource->resource;
    if (const auto why = fault_of(task, resource); !why.empty()) return invalid(why);
    if (task.operation != Operation::request && !is_items_api(resource)) {
      const bool row = task.needs_key();
      made.path =
          TextTemplate::parse(resource.path + (row ? "{id}" : ""), TextTemplate::Escape::url, {}).value();
    }
    if (!sends_row(task)) return made;
    if (!task.body.empty()) return check_body(task, *table, std::move(made));
    auto rows = row_maker(task, *table);
    if (!rows) return rows.error();
    made.rows = std::move(*rows);
    return made;
  }

  Result<TaskMaterial> call_material(const Task& task, TaskMaterial made) {
    auto query = task.operation == Operation::sql ? described(task) : served_query(task);
    if (!query) return query.error();
    made.query = std::move(*query);
    if (auto completed = complete_call(task, made); !completed) return completed.error();
    return made;
  }

  Result<postgres::SharedQuery> served_query(const Task& task) const {
    const auto found =
        std::ranges::find(served_.queries, task.query, [](const auto& one) { return one->query.name; });
    if (found != served_.queries.end()) return *found;
    std::vector<std::string> names;
    for (const auto& one : served_.queries) names.push_back(one->query.name);
    return invalid(fmt::format("there is no query {} (queries: {})", task.query,
                               names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }

  Result<postgres::SharedQuery> described(const Task& task) {
    schema::ResourceFile file;
    file.file = scenario_.file;
    file.queries = *task.sql;
    return rows_->describe_transaction(file);
  }

  Result<TextRows> column_values(const Parameter& parameter) {
    const auto* source = std::get_if<ColumnValues>(&parameter.source);
    if (source == nullptr) return TextRows{};
    const auto found =
        std::ranges::find(resources_, source->table, [](const auto& one) { return one->resource.name; });
    auto table = schema::quote_table_name(source->table);
    if (found != resources_.end()) table = (*found)->resource.table;
    if (!table) return table.error();
    auto values = rows_->sample(*table, {source->column}, scenario_.sample);
    if (!values) return invalid(fmt::format("parameter {}: {}", parameter.name, values.error().message));
    if (values->empty()) {
      return invalid(
          fmt::format("parameter {}: {}.{} has no values", parameter.name, source->table, source->column));
    }
    return values;
  }

  Result<RowMaker> row_maker(const Task& task, const TableMaterial& table) {
    const auto& resource = table.resource->resource;
    if (is_items_api(resource)) return RowMaker(item_values(resource, task.data.get()), nullptr, 0);
    if (!facts_.contains(task.resource)) {
      auto facts = row_facts(resource, *rows_, scenario_.sample, seed_);
      if (!facts) return facts.error();
      facts_[task.resource] = std::move(*facts);
    }
    const bool creates = task.operation == Operation::create;
    auto makers = row_values_of(resource, creates ? resource.insertable() : resource.updatable(),
                                facts_[task.resource]);
    if (!makers) return invalid(fmt::format("{}: give the task a body", makers.error().message));
    return RowMaker(std::move(*makers), table.serial, seed_);
  }

  /// A body of the scenario's own is what the resource takes, as far as its rules go.
  Result<TaskMaterial> check_body(const Task& task, const TableMaterial& table, TaskMaterial made) const {
    const auto& resource = table.resource->resource;
    Rng rng(seed_);
    const auto* data = task.data ? &task.data->rows.front() : nullptr;
    std::vector<std::string> parameters(made.parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) made.parameters[i](rng, data, parameters[i]);
    std::vector<std::string> id(resource.key.size(), "1");
    if (!table.keys.empty()) id = key_texts(resource, table.keys.front());
    std::string body;
    const std::vector<std::string> variables(scenario_.variables.size(), "1");  // whatever answers will give
    const Sender sender{.rng = &rng};
    task.body.render({id, data, parameters, variables, &sender}, body);
    const auto read = task.operation == Operation::create
                          ? schema::read_new_rows(resource, ContentFormat::json, body, 1)
                          : schema::read_replacement(resource, ContentFormat::json, body);
    if (read) return made;
    const auto& faults = read.error().faults;
    return invalid(
        fmt::format("its body, as {}: {}", body, faults.empty() ? read.error().detail : faults.front().msg));
  }

  const Scenario& scenario_;
  const postgres::Served& served_;
  const std::vector<SharedResource>& resources_;
  RowSource* rows_;
  std::uint64_t seed_;
  Material material_;
  std::map<std::string, RowFacts> facts_;  ///< by resource
};

}  // namespace

std::string Material::query_that_writes() const {
  for (const auto& task : tasks) {
    if (task.query && task.query->query.write && task.method == "POST") return task.query->query.name;
  }
  return {};
}

Material Material::for_existing_items() const {
  Material setup;
  setup.tables = tables;
  setup.tasks = {create};
  setup.items = items;
  for (auto& table : setup.tables) {
    table.keys.clear();
    table.create_task.reset();
  }
  return setup;
}

Result<std::shared_ptr<const Material>> make_material(const Scenario& scenario,
                                                      const postgres::Served& served, RowSource* rows,
                                                      std::uint64_t seed) {
  return MaterialMaker(scenario, served, rows, seed).make();
}

std::shared_ptr<const Material> items_material(const Scenario& scenario) {
  return make_material(scenario, {{postgres::declared_items()}, {}}, nullptr, 0).value();
}

std::shared_ptr<const Material> steps_material(const Scenario& steps) {
  return make_material(steps, {}, nullptr, 0).value();
}

}  // namespace troupe::sim
