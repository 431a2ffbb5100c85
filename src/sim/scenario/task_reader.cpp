#include "sim/scenario/task_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <utility>
#include <variant>

#include "schema/file/query_entry.hpp"
#include "sim/scenario/parameter_reader.hpp"

namespace troupe::sim {
namespace {

constexpr std::int64_t max_weight = 1'000;
constexpr std::size_t most_statements = 64;
constexpr std::int64_t most_rows_of_sql = 1'000'000;  // of an answer, which is read and dropped

const std::vector<std::string_view> operations{"list",   "create",  "get",   "update",
                                               "delete", "request", "query", "sql"};
const std::vector<std::string_view> methods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};

/// The method that the API gives each operation.
std::string_view method_of(Operation operation) {
  constexpr std::string_view methods_of_operations[] = {"GET", "POST", "GET", "PUT", "DELETE", "", "", ""};
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

/// What a task does not have that calls a statement.
void refuse_row_keys(const TomlReader& reader, std::string_view operation) {
  for (const auto key : {"method", "path", "body", "resource"}) {
    if (reader.has(key)) reader.fail(key, fmt::format("does not go with do = \"{}\"", operation));
  }
}

void read_query_task(const TomlReader& reader, Task& task) {
  refuse_row_keys(reader, "query");
  task.resource.clear();
  task.query = reader.text("query");
  task.name = task.query;
  task.method = "CALL";
}

/// Does nothing in it write, by its words? PostgreSQL sees to that: it runs in a transaction that only reads.
bool only_reads(const schema::QueryText& text) {
  std::string_view first = text.sql;
  first.remove_prefix(std::min(first.find_first_not_of(" \t\r\n("), first.size()));
  first = first.substr(0, first.find_first_of(" \t\r\n("));
  constexpr std::array<std::string_view, 4> reading{"select", "with", "values", "table"};
  constexpr std::array<std::string_view, 5> writing{"insert", "update", "delete", "merge", "into"};
  const auto is_first = [&](std::string_view word) { return boost::beast::iequals(first, word); };
  return std::ranges::any_of(reading, is_first) &&
         std::ranges::none_of(writing, [&](std::string_view word) { return text.has_word(word); });
}

/// What `sql` says: a statement, or an array of those that are one transaction.
std::vector<std::string> read_statements(const TomlReader& reader, const toml::table& table) {
  if (!table["sql"].is_array()) return {reader.text("sql")};
  std::vector<std::string> statements;
  for (const auto& statement : *reader.array("sql")) {
    const auto text = statement.value_exact<std::string>();
    if (!text) reader.fail("sql", "must be a statement, or an array of them");
    statements.push_back(*text);
  }
  if (statements.empty()) reader.fail("sql", "must not be empty");
  if (statements.size() > most_statements)
    reader.fail("sql", fmt::format("has more than {} statements", most_statements));
  return statements;
}

schema::QueryEntry read_statement(const TomlReader& reader, std::string written, const std::string& which) {
  schema::QueryEntry entry;
  entry.written = std::move(written);
  auto text = schema::read_query_text(entry.written);
  if (const auto* fault = std::get_if<schema::QueryTextFault>(&text))
    reader.fail("sql", fmt::format("{}{}{} ({})", which, which.empty() ? "" : ": ", fault->message,
                                   schema::place_in_sql(entry.written, fault->at)));
  entry.text = std::get<schema::QueryText>(std::move(text));
  entry.path = "/";
  entry.max_rows = most_rows_of_sql;
  entry.coalesce = schema::Coalesce::never;
  return entry;
}

bool names_parameter(const std::vector<schema::QueryEntry>& statements, const std::string& name) {
  return std::ranges::any_of(statements, [&](const auto& statement) {
    return std::ranges::find(statement.text.names, name) != statement.text.names.end();
  });
}

void check_parameters(const TomlReader& reader, const std::vector<schema::QueryEntry>& statements,
                      const Task& task) {
  for (const auto& statement : statements) {
    for (const auto& name : statement.text.names) {
      if (std::ranges::find(task.parameters, name, &Parameter::name) == task.parameters.end())
        reader.fail("params", fmt::format("lacks {0}, of :{0} in its sql", name));
    }
  }
  for (const auto& parameter : task.parameters) {
    if (!names_parameter(statements, parameter.name))
      reader.fail("params", fmt::format("has {0}, and there is no :{0} in its sql", parameter.name));
  }
}

void read_sql_task(const TomlReader& reader, const toml::table& table, Task& task) {
  refuse_row_keys(reader, "sql");
  task.resource.clear();
  task.method = "SQL";
  const auto written = read_statements(reader, table);
  task.name = reader.text("name", "sql");
  std::vector<schema::QueryEntry> statements;
  for (const auto& statement : written) {
    const auto which = written.size() == 1 ? "" : fmt::format("statement {}", statements.size() + 1);
    statements.push_back(read_statement(reader, statement, which));
    statements.back().name = which.empty() ? task.name : fmt::format("{}, {}", task.name, which);
    statements.back().line = table.source().begin.line;
  }
  bool write = !std::ranges::all_of(statements, [](const auto& one) { return only_reads(one.text); });
  if (reader.has("write")) {
    const auto said = table["write"].value_exact<bool>();
    if (!said) reader.fail("write", "must be true or false");
    if (!*said && write) reader.fail("write", "its sql has words that write");
    write = *said;
  }
  for (auto& statement : statements) statement.write = write;
  check_parameters(reader, statements, task);
  task.sql = std::make_shared<const std::vector<schema::QueryEntry>>(std::move(statements));
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

namespace {

void read_what(const TomlReader& reader, const toml::table& table, const TaskContext& context, Task& task) {
  for (const auto& [key, operation] : {std::pair{"query", Operation::query}, std::pair{"sql", Operation::sql},
                                       std::pair{"write", Operation::sql}}) {
    if (reader.has(key) && task.operation != operation)
      reader.fail(key, fmt::format("only goes with do = \"{}\"", to_string(operation)));
  }
  const bool takes_id = std::ranges::find(task.parameters, "id", &Parameter::name) != task.parameters.end();
  if (takes_id && !task.calls()) reader.fail("params.id", "{id} is the row's own key: call it otherwise");
  switch (task.operation) {
    case Operation::request:
      return read_request(reader, context, task);
    case Operation::query:
      return read_query_task(reader, task);
    case Operation::sql:
      return read_sql_task(reader, table, task);
    default:
      return read_row_task(reader, context, task);
  }
}

}  // namespace

Task read_task(const toml::table& table, const std::string& path, const TaskContext& context) {
  const TomlReader reader(table, path, context.file,
                          {"do", "name", "weight", "resource", "method", "path", "body", "query", "sql",
                           "write", "params", "status", "body_contains"});
  Task task;
  task.operation = static_cast<Operation>(reader.choice("do", operations));
  task.resource = reader.text("resource", task.resource);
  if (task.resource.empty()) reader.fail("resource", "must not be empty");
  if (const auto* params = reader.table("params"))
    task.parameters = read_parameters(*params, path + ".params", context.file, context.data);
  read_what(reader, table, context, task);
  task.name = reader.text("name", task.name);
  if (task.name.empty()) reader.fail("name", "must not be empty");
  task.weight = static_cast<unsigned>(reader.integer("weight", 1, max_weight, 1));
  read_checks(reader, task.checks);
  return task;
}

}  // namespace troupe::sim
