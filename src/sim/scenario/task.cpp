#include "sim/scenario/task.hpp"

#include <algorithm>
#include <array>

#include "schema/file/query_entry.hpp"

namespace troupe::sim {
namespace {

constexpr std::array<std::string_view, 8> operation_names{"list",   "create",  "get",   "update",
                                                          "delete", "request", "query", "sql"};

}  // namespace

std::string_view to_string(Operation operation) {
  return operation_names[static_cast<std::size_t>(operation)];
}

bool Task::needs_key() const {
  const bool of_row =
      operation == Operation::get || operation == Operation::update || operation == Operation::remove;
  return of_row || path.uses_id() || body.uses_id() || head.fields.uses_id() || head.basic.uses_id();
}

void Task::settle() {
  needs.clear();
  makes_names = false;
  for (const auto* text : {&path, &body, &head.fields, &head.basic}) {
    makes_names = makes_names || text->makes_names();
    for (const auto variable : text->variables()) {
      if (std::ranges::find(needs, variable) == needs.end()) needs.push_back(variable);
    }
  }
  const auto from_head = [](const Extraction& one) { return one.from == Extraction::From::header; };
  wants_fields = !checks.fields.empty() || std::ranges::any_of(extractions, from_head);
  wants_body = !checks.values.empty() || !std::ranges::all_of(extractions, from_head);
}

bool Task::needs_http() const {
  if (operation == Operation::sql) return false;
  return operation == Operation::request || !head.empty() || follow > 0 || wants_fields || wants_body ||
         !checks.body_contains.empty();
}

bool Task::writes() const {
  if (operation == Operation::sql) return sql->front().write;
  if (operation == Operation::query) return false;
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

}  // namespace troupe::sim
