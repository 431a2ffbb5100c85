#include "http/api/item_problems.hpp"

#include <utility>

namespace troupe::http {

Problem invalid_item(std::vector<FieldFault> faults) {
  Problem problem = typed_problem(
      422, "invalid-item", "Invalid item",
      faults.size() == 1 ? faults.front().msg : std::to_string(faults.size()) + " faults, listed in errors");
  problem.faults = std::move(faults);
  return problem;
}

Problem item_rejected_by_database() {
  return invalid_item({{{"body"}, "the database's own rules refuse this item", "database_rule"}});
}

Problem problem_of(const items::BodyError& error) {
  if (error.kind == items::BodyError::Kind::malformed) return malformed(error.detail, error.faults);
  return invalid_item(error.faults);
}

}  // namespace troupe::http
