#include "http/api/row_problems.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace troupe::http {
namespace {

using Kind = actors::Failure::Kind;
using schema::Constraint;
using schema::Resource;

const Constraint* find_constraint(const Resource& resource, const std::string& name) {
  const auto found = std::ranges::find(resource.constraints, name, &Constraint::name);
  return found == resource.constraints.end() ? nullptr : &*found;
}

/// A fault of each of these columns that the resource shows; of the body, if it shows none.
std::vector<FieldFault> faults_of(const Resource& resource, const std::vector<std::string>& columns,
                                  const std::string& rule, const std::string& type) {
  std::vector<FieldFault> faults;
  for (const auto& column : columns) {
    if (resource.find(column)) faults.push_back({{"body", column}, column + ' ' + rule, type});
  }
  if (faults.empty()) faults.push_back({{"body"}, "the " + resource.singular + ' ' + rule, type});
  return faults;
}

Problem conflict(const Resource& resource, const Constraint* constraint) {
  auto problem = typed_problem(409, "conflict", "Conflict", {});
  if (constraint == nullptr) {
    problem.detail =
        "rows of another table refer to this " + resource.singular + ", or it would collide with another";
    return problem;
  }
  const bool unique = constraint->kind == Constraint::Kind::unique;
  problem.faults =
      unique ? faults_of(resource, constraint->columns, "is taken by another " + resource.singular, "unique")
             : faults_of(resource, constraint->columns, "names no existing row", "foreign_key");
  problem.detail = problem.faults.front().msg;
  return problem;
}

Problem rejected(const Resource& resource, const actors::Refusal* refusal) {
  if (refusal == nullptr || refusal->constraint.empty()) {
    if (refusal != nullptr && !refusal->column.empty())
      return invalid_row(
          resource, faults_of(resource, {refusal->column}, "is refused by the database: " + refusal->message,
                              "database_rule"));
    if (refusal != nullptr && refusal->for_client)
      return invalid_row(resource, {{{"body"}, refusal->message, "database_rule"}});
    return invalid_row(
        resource, {{{"body"}, "the database's own rules refuse this " + resource.singular, "database_rule"}});
  }
  const auto* constraint = find_constraint(resource, refusal->constraint);
  return invalid_row(
      resource, faults_of(resource, constraint != nullptr ? constraint->columns : std::vector<std::string>{},
                          "is refused by a rule of the database", "database_rule"));
}

}  // namespace

Problem invalid_row(const Resource& resource, std::vector<FieldFault> faults) {
  Problem problem = typed_problem(
      422, "invalid-" + resource.singular, "Invalid " + resource.singular,
      faults.size() == 1 ? faults.front().msg : std::to_string(faults.size()) + " faults, listed in errors");
  problem.faults = std::move(faults);
  return problem;
}

Problem problem_of(const Resource& resource, const schema::BodyError& error) {
  switch (error.kind) {
    case schema::BodyError::Kind::malformed:
      return malformed(error.detail, error.faults);
    case schema::BodyError::Kind::too_many_rows:
      return plain_problem(413, error.detail);
    case schema::BodyError::Kind::invalid:
      break;
  }
  return invalid_row(resource, error.faults);
}

Problem refused_write(const Resource& resource, const actors::Failure& failure) {
  if (failure.kind == Kind::forbidden) return plain_problem(403, "the database does not allow this");
  const auto* refusal = failure.refusal.get();
  if (failure.kind == Kind::conflict)
    return conflict(resource, refusal != nullptr ? find_constraint(resource, refusal->constraint) : nullptr);
  return rejected(resource, refusal);
}

bool is_about_key(const Resource& resource, const actors::Failure& failure) {
  if (failure.kind != Kind::conflict || failure.refusal == nullptr) return false;
  const auto* constraint = find_constraint(resource, failure.refusal->constraint);
  if (constraint == nullptr || constraint->kind != Constraint::Kind::unique) return false;
  return std::ranges::equal(constraint->columns, resource.key, {}, {}, [&](std::size_t place) {
    return std::string_view(resource.columns[place].name);
  });
}

Problem refused_read(const actors::Failure& failure) {
  if (failure.kind == Kind::forbidden) return plain_problem(403, "the database does not allow this");
  return malformed("the database cannot compare its rows with a value of the request");
}

Problem precondition_failed(const Resource& resource) {
  return plain_problem(412, "the " + resource.singular + " is not of the version that the request wants");
}

Problem precondition_required(const Resource& resource) {
  return plain_problem(
      428, "a change of this " + resource.singular + " must say with If-Match which version it is of");
}

}  // namespace troupe::http
