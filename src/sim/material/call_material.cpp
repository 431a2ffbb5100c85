#include "sim/material/call_material.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "sim/rows/value_maker.hpp"
#include "support/suggest.hpp"

namespace troupe::sim {
namespace {

using schema::Query;
using schema::Scalar;

std::vector<std::string> parameter_names(const Task& task) {
  std::vector<std::string> names;
  for (const auto& parameter : task.parameters) names.push_back(parameter.name);
  return names;
}

/// Which of the task's parameters the query's are.
Result<void> match_arguments(const Task& task, const Query& query, TaskMaterial& made) {
  const auto names = parameter_names(task);
  const auto& wanted = query.text.names;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto found = std::ranges::find(names, wanted[i]);
    if (found == names.end() && query.defaults[i].empty())
      return invalid(fmt::format("parameter {0} is missing: params.{0} = …", wanted[i]));
    made.arguments.push_back(
        found == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - names.begin())));
  }
  for (const auto& name : names) {
    if (std::ranges::find(wanted, name) != wanted.end()) continue;
    const auto near = nearest(name, std::vector<std::string_view>(wanted.begin(), wanted.end()));
    return invalid(fmt::format("{} is no parameter of the query{}", name,
                               near.empty() ? std::string() : fmt::format("; did you mean {}?", near)));
  }
  return {};
}

/// The first values that are made fit their parameters.
Result<void> check_values(const Task& task, const TaskMaterial& made) {
  Rng rng(1);
  const auto* data = task.data ? &task.data->rows.front() : nullptr;
  const auto& columns = made.query->query.parameters.columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!made.arguments[i]) continue;
    std::string value, element;
    made.parameters[*made.arguments[i]](rng, data, value);
    if (const auto wrong = schema::parse_parameter(columns[i], value, element)) {
      return invalid(fmt::format("parameter {}: '{}' {} ({})", task.parameters[*made.arguments[i]].name,
                                 value, wrong->rule, columns[i].type.declared));
    }
  }
  return {};
}

/// The HTTP request: GET with a query string, or POST with a JSON object.
void add_request(const Task& task, const Query& query, TaskMaterial& made) {
  const auto names = parameter_names(task);
  made.method = query.write ? "POST" : "GET";
  std::string path = query.path, body = "{";
  for (std::size_t i = 0; i < made.arguments.size(); ++i) {
    if (!made.arguments[i]) continue;
    const auto& column = query.parameters.columns[i];
    const auto& name = column.name;
    if (!query.write)
      path += fmt::format("{}{}={{{}}}", path.find('?') == std::string::npos ? '?' : '&', name, name);
    const bool quoted = scalar_kind(column) == Scalar::Kind::text;
    const std::string_view quote = quoted ? "\"" : "";
    body += fmt::format("{}\"{}\": {}{{{}}}{}", body.size() > 1 ? ", " : "", name, quote, name, quote);
  }
  made.path = TextTemplate::parse(path, TextTemplate::Escape::url, {nullptr, names}).value();
  if (query.write)
    made.body = TextTemplate::parse(body + '}', TextTemplate::Escape::json, {nullptr, names}).value();
}

}  // namespace

Result<void> complete_call(const Task& task, TaskMaterial& made) {
  const auto& query = made.query->query;
  if (auto matched = match_arguments(task, query, made); !matched) return matched;
  if (auto checked = check_values(task, made); !checked) return checked;
  if (task.operation == Operation::query) add_request(task, query, made);
  return {};
}

std::optional<std::string> call_elements(const TaskMaterial& material, std::span<const std::string> values) {
  const auto& query = material.query->query;
  std::string elements;
  for (std::size_t i = 0; i < material.arguments.size(); ++i) {
    const auto argument = material.arguments[i];
    if (!argument) {
      elements += query.defaults[i];
    } else if (schema::parse_parameter(query.parameters.columns[i], values[*argument], elements)) {
      return std::nullopt;
    }
  }
  return elements;
}

}  // namespace troupe::sim
