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

bool Checks::status_ok(int code) const {
  if (status.empty()) return code >= 200 && code < 300;
  return std::find(status.begin(), status.end(), code) != status.end();
}

bool Task::needs_key() const {
  const bool of_row =
      operation == Operation::get || operation == Operation::update || operation == Operation::remove;
  return of_row || path.uses_id() || body.uses_id();
}

bool Task::writes() const {
  if (operation == Operation::sql) return sql->front().write;
  if (operation == Operation::query) return false;
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

}  // namespace troupe::sim
