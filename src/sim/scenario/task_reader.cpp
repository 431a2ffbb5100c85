#include "sim/scenario/task_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include "sim/scenario/parameter_reader.hpp"

namespace troupe::sim {
namespace {

constexpr std::int64_t max_weight = 1'000;

const std::vector<std::string_view> operations{"list", "create", "get", "update", "delete", "request"};
const std::vector<std::string_view> methods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};

/// The method that the API gives each operation.
std::string_view method_of(Operation operation) {
  constexpr std::string_view methods_of_operations[] = {"GET", "POST", "GET", "PUT", "DELETE", ""};
  return methods_of_operations[static_cast<std::size_t>(operation)];
}

bool on_collection(Operation operation) {
  return operation == Operation::list || operation == Operation::create;
}

bool sends_row(Operation operation) {
  return operation == Operation::create || operation == Operation::update;
}

TextTemplate text_template(const TomlReader& reader, std::string_view key, std::string_view text,
                           TextTemplate::Escape escape, const TaskContext& context,
                           const std::vector<Parameter>& parameters) {
  std::vector<std::string> names;
  for (const auto& parameter : parameters) names.push_back(parameter.name);
  auto parsed = TextTemplate::parse(text, escape, {context.data, names});
  if (!parsed) reader.fail(key, parsed.error().message);
  return std::move(*parsed);
}

void read_request(const TomlReader& reader, const TaskContext& context, Task& task) {
  task.method = methods[reader.choice("method", methods)];
  const auto path = reader.text("path");
  check_path(reader, "path", path);
  task.path = text_template(reader, "path", path, TextTemplate::Escape::path, context, task.parameters);
  task.body = text_template(reader, "body", reader.text("body", ""), TextTemplate::Escape::json, context,
                            task.parameters);
  task.name = fmt::format("{} {}", task.method, path);
  if (!reader.has("resource") && !task.needs_key()) task.resource.clear();  // it is about no row
}

void read_row_task(const TomlReader& reader, const TaskContext& context, Task& task) {
  for (const auto key : {"method", "path"}) {
    if (reader.has(key)) reader.fail(key, "only goes with do = \"request\"");
  }
  if (reader.has("body") && !sends_row(task.operation))
    reader.fail("body", "only goes with do = \"create\", \"update\" or \"request\"");
  if (reader.has("params") && !reader.has("body"))
    reader.fail("params", "only goes with a body or do = \"request\": nothing else has placeholders");
  auto base = item_task(task.operation, reader, context);
  task.method = std::move(base.method);
  task.path = std::move(base.path);
  task.name = task.on_items() ? base.name : fmt::format("{} {}", base.name, task.resource);
  if (!reader.has("body")) return;
  const auto body = reader.text("body");
  if (body.empty()) reader.fail("body", "must not be empty");
  task.body = text_template(reader, "body", body, TextTemplate::Escape::json, context, task.parameters);
}

void read_checks(const TomlReader& reader, Checks& checks) {
  checks.body_contains = reader.text("body_contains", "");
  const auto* codes = reader.array("status");
  if (codes == nullptr) return;
  for (const auto& code : *codes) {
    const auto value = code.value_exact<std::int64_t>().value_or(0);
    if (value < 100 || value > 599) reader.fail("status", "must be a list of numbers from 100 to 599");
    checks.status.push_back(static_cast<int>(value));
  }
}

}  // namespace

void check_path(const TomlReader& reader, std::string_view key, const std::string& path) {
  if (!path.starts_with('/')) reader.fail(key, fmt::format("'{}' must start with /", path));
  if (path.find_first_of(" \t\r\n") != std::string::npos) {
    reader.fail(key, fmt::format("'{}' must not contain blanks", path));
  }
}

Task item_task(Operation operation, const TomlReader& reader, const TaskContext& context) {
  Task task;
  task.operation = operation;
  task.name = to_string(operation);
  task.method = method_of(operation);
  task.path =
      text_template(reader, "paths", on_collection(operation) ? context.collection_path : context.item_path,
                    TextTemplate::Escape::path, context, {});
  return task;
}

Task read_task(const toml::table& table, const std::string& path, const TaskContext& context) {
  const TomlReader reader(
      table, path, context.file,
      {"do", "name", "weight", "resource", "method", "path", "body", "params", "status", "body_contains"});
  Task task;
  task.operation = static_cast<Operation>(reader.choice("do", operations));
  task.resource = reader.text("resource", task.resource);
  if (task.resource.empty()) reader.fail("resource", "must not be empty");
  if (const auto* params = reader.table("params"))
    task.parameters = read_parameters(*params, path + ".params", context.file, context.data);
  task.operation == Operation::request ? read_request(reader, context, task)
                                       : read_row_task(reader, context, task);
  task.name = reader.text("name", task.name);
  if (task.name.empty()) reader.fail("name", "must not be empty");
  task.weight = static_cast<unsigned>(reader.integer("weight", 1, max_weight, 1));
  read_checks(reader, task.checks);
  return task;
}

}  // namespace troupe::sim
