#include "sim/scenario/task_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "schema/file/query_entry.hpp"
#include "sim/scenario/answer_reader.hpp"
#include "sim/scenario/parameter_reader.hpp"
#include "sim/scenario/request_reader.hpp"
#include "support/characters.hpp"
#include "support/clean_text.hpp"
#include "support/fit_url.hpp"
#include "support/iequals.hpp"

namespace troupe::sim {
namespace {

constexpr std::int64_t max_weight = 1'000;
constexpr std::size_t most_statements = 64;
constexpr std::int64_t most_redirects = 20;
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

std::vector<std::string> parameter_names(const Task& task) {
  std::vector<std::string> names;
  for (const auto& parameter : task.parameters) names.push_back(parameter.name);
  return names;
}

TextTemplate path_template(const TomlReader& reader, std::string_view key, std::string_view text,
                           const TemplateNames& names) {
  auto parsed = TextTemplate::parse(as_ascii(text), TextTemplate::Escape::url, names);
  if (!parsed) reader.fail(key, parsed.error().message);
  return std::move(*parsed);
}

void read_request(const RequestTexts& texts, Task& task) {
  const auto& reader = texts.reader;
  task.method = methods[reader.choice("method", methods)];
  const auto path = reader.text("path");
  check_path(reader, "path", path);
  task.path = path_template(reader, "path", path, texts.names);
  if (reader.has("query")) add_query(texts, task);
  add_body(texts, task);
  add_head(texts, task);
  task.name = fmt::format("{} {}", task.method, path);
  if (!reader.has("resource") && !task.needs_key()) task.resource.clear();  // it is about no row
}

/// A task on items, before what its own keys add.
Task plain_item_task(Operation operation, const TomlReader& reader, const TaskContext& context,
                     const TemplateNames& names) {
  Task task;
  task.operation = operation;
  task.name = to_string(operation);
  task.method = method_of(operation);
  task.path = path_template(reader, "paths",
                            on_collection(operation) ? context.collection_path : context.item_path, names);
  return task;
}

void read_row_task(const RequestTexts& texts, const TaskContext& context, Task& task) {
  const auto& reader = texts.reader;
  for (const auto key : {"method", "path", "form"}) {
    if (reader.has(key)) reader.fail(key, "only goes with do = \"request\"");
  }
  const bool has_body = reader.has("body") || reader.has("json");
  if (has_body && !sends_row(task.operation))
    reader.fail(reader.has("body") ? "body" : "json",
                "only goes with do = \"create\", \"update\" or \"request\"");
  if (reader.has("params") && !has_body)
    reader.fail("params", "only goes with a body or do = \"request\": nothing else has placeholders");
  auto base = plain_item_task(task.operation, reader, context, {texts.names.data, {}, texts.names.variables});
  task.method = std::move(base.method);
  task.path = std::move(base.path);
  task.name = task.on_items() ? base.name : fmt::format("{} {}", base.name, task.resource);
  add_body(texts, task);
  add_head(texts, task);
}

/// What a task does not have that calls a statement.
void refuse_row_keys(const TomlReader& reader, std::string_view operation) {
  for (const auto key : {"method", "path", "body", "json", "form", "resource"}) {
    if (reader.has(key)) reader.fail(key, fmt::format("does not go with do = \"{}\"", operation));
  }
}

void read_query_task(const RequestTexts& texts, Task& task) {
  const auto& reader = texts.reader;
  refuse_row_keys(reader, "query");
  task.resource.clear();
  task.query = reader.text("query");
  task.name = task.query;
  task.method = "CALL";
  add_head(texts, task);
}

/// Does nothing in it write, by its words? PostgreSQL sees to that: it runs in a transaction that only reads.
bool only_reads(const schema::QueryText& text) {
  std::string_view first = text.sql;
  first.remove_prefix(std::min(first.find_first_not_of(" \t\r\n("), first.size()));
  first = first.substr(0, first.find_first_of(" \t\r\n("));
  constexpr std::array<std::string_view, 4> reading{"select", "with", "values", "table"};
  constexpr std::array<std::string_view, 5> writing{"insert", "update", "delete", "merge", "into"};
  const auto is_first = [&](std::string_view word) { return iequals(first, word); };
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
  for (const auto key : {"headers", "auth", "follow", "extract", "checks"}) {
    if (reader.has(key)) reader.fail(key, "is about HTTP, which do = \"sql\" does not speak");
  }
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

}  // namespace

void check_path(const TomlReader& reader, std::string_view key, const std::string& path) {
  if (!path.starts_with('/')) reader.fail(key, fmt::format("'{}' must start with /", path));
  if (path.find_first_of(" \t\r\n") != std::string::npos) {
    reader.fail(key, fmt::format("'{}' must not contain blanks", path));
  }
  if (!all_in(path, field_char))
    reader.fail(key, fmt::format("'{}' must not contain control characters", clean_text(path)));
  if (path.find('#') != std::string::npos)
    reader.fail(key,
                fmt::format("'{}' must not contain '#': what is behind it is not sent (write %23 for the "
                            "character itself)",
                            path));
}

std::uint8_t read_follow(const TomlReader& reader, std::uint8_t otherwise) {
  return static_cast<std::uint8_t>(reader.integer("follow", 0, most_redirects, otherwise));
}

Task item_task(Operation operation, const TomlReader& reader, const TaskContext& context) {
  const TemplateNames names{context.data.get(), {}, context.variables};
  auto task = plain_item_task(operation, reader, context, names);
  add_head({reader, names, context.fields}, task);
  task.follow = context.follow;
  task.data = context.data;
  task.settle();
  return task;
}

namespace {

/// Which server a task is for, as Task::target.
std::uint16_t read_task_target(const TomlReader& reader, std::span<const NamedTarget> targets,
                               const Task& task) {
  if (!reader.has("target")) return 0;
  if (task.operation != Operation::request || !task.resource.empty())
    reader.fail("target", "only goes with a request of its own (method and path) that is about no rows");
  const auto name = reader.text("target");
  const auto found = std::ranges::find(targets, name, &NamedTarget::name);
  if (found == targets.end())
    reader.fail("target", fmt::format("'{0}' is not among [targets]: write {0} = \"http://…\" there", name));
  return static_cast<std::uint16_t>(found - targets.begin() + 1);
}

Operation read_operation(const TomlReader& reader) {
  const bool says_request = reader.has("method") || reader.has("path");
  if (!reader.has("do") && says_request) return Operation::request;
  return static_cast<Operation>(reader.choice("do", operations));
}

void refuse_keys_of_others(const TomlReader& reader, const toml::table& table, const Task& task) {
  for (const auto& [key, operation] : {std::pair{"query", Operation::query}, std::pair{"sql", Operation::sql},
                                       std::pair{"write", Operation::sql}}) {
    const bool of_request =
        std::string_view(key) == "query" && task.operation == Operation::request && table["query"].is_table();
    if (reader.has(key) && task.operation != operation && !of_request)
      reader.fail(key, fmt::format("only goes with do = \"{}\"", to_string(operation)));
  }
  const bool takes_id = std::ranges::find(task.parameters, "id", &Parameter::name) != task.parameters.end();
  if (takes_id && !task.calls()) reader.fail("params.id", "{id} is the row's own key: call it otherwise");
}

/// An answer to HEAD has none (RFC 9110 section 9.3.2).
void refuse_looks_into_body(const TomlReader& reader, const Task& task) {
  const auto in_body = [](const Extraction& one) { return one.from != Extraction::From::header; };
  const char* key = !task.checks.body_contains.empty()
                        ? (reader.has("body_contains") ? "body_contains" : "checks")
                    : !task.checks.values.empty() ? "checks"
                                                  : "extract";
  const bool looks = !task.checks.body_contains.empty() || !task.checks.values.empty() ||
                     std::ranges::any_of(task.extractions, in_body);
  if (looks) reader.fail(key, "looks into a body, and an answer to HEAD has none");
}

void read_what(const RequestTexts& texts, const toml::table& table, const TaskContext& context, Task& task) {
  switch (task.operation) {
    case Operation::request:
      return read_request(texts, task);
    case Operation::query:
      return read_query_task(texts, task);
    case Operation::sql:
      return read_sql_task(texts.reader, table, task);
    default:
      return read_row_task(texts, context, task);
  }
}

}  // namespace

Task read_task(const toml::table& table, const std::string& path, const TaskContext& context) {
  const TomlReader reader(table, path, context.file,
                          {"do",    "name",    "weight", "resource", "method",  "path",          "body",
                           "query", "sql",     "write",  "params",   "status",  "body_contains", "json",
                           "form",  "headers", "auth",   "follow",   "extract", "checks",        "target"});
  Task task;
  task.operation = read_operation(reader);
  task.resource = reader.text("resource", task.resource);
  if (task.resource.empty()) reader.fail("resource", "must not be empty");
  if (const auto* params = reader.table("params"))
    task.parameters = read_parameters(*params, path + ".params", context.file, context.data.get());
  refuse_keys_of_others(reader, table, task);
  const auto parameters = parameter_names(task);
  const TemplateNames names{context.data.get(), parameters, context.variables};
  const auto fields = merge_fields(context.fields, read_fields(reader));
  read_what({reader, names, fields}, table, context, task);
  task.name = reader.text("name", task.name);
  if (task.name.empty()) reader.fail("name", "must not be empty");
  task.weight = static_cast<unsigned>(reader.integer("weight", 1, max_weight, 1));
  read_checks(reader, task.checks);
  task.extractions = read_extractions(reader, context.variables);
  if (task.method == "HEAD") refuse_looks_into_body(reader, task);
  task.target = read_task_target(reader, context.targets, task);
  if (task.operation != Operation::sql) task.follow = read_follow(reader, context.follow);
  task.data = context.data;
  task.settle();
  return task;
}

}  // namespace troupe::sim
