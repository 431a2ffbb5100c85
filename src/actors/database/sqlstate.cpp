#include "actors/database/sqlstate.hpp"

#include <memory>

namespace troupe::actors {

namespace {

using postgres::RefusalKind;
using postgres::StatementError;

Failure::Kind failure_kind_of(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::invalid:
      return Failure::Kind::rejected;
    case RefusalKind::conflict:
      return Failure::Kind::conflict;
    case RefusalKind::forbidden:
      return Failure::Kind::forbidden;
    case RefusalKind::busy:
    case RefusalKind::schema_changed:  // the resources are read again
      return Failure::Kind::busy;
    case RefusalKind::away:
      return Failure::Kind::database_away;
    case RefusalKind::deadline:
      return Failure::Kind::deadline_passed;
    case RefusalKind::internal:
      break;
  }
  return Failure::Kind::internal;
}

/// Class 22 speaks of a value of the statement's, P0001 is what a trigger wants to have said.
bool is_for_client(const StatementError& error) {
  return error.sqlstate.starts_with("22") || error.sqlstate == "P0001";
}

}  // namespace

Failure failure_for(const StatementError& error) {
  Failure failure{failure_kind_of(postgres::kind_of(error)), false, nullptr};
  using Kind = Failure::Kind;
  if (failure.kind == Kind::rejected || failure.kind == Kind::conflict || failure.kind == Kind::forbidden)
    failure.refusal = std::make_shared<const Refusal>(
        Refusal{error.message, error.constraint, error.column, is_for_client(error)});
  return failure;
}

bool tells_of_schema_change(const StatementError& error) {
  // A label that the enumeration did not have, or has no more, is refused by its input function.
  return postgres::kind_of(error) == RefusalKind::schema_changed || error.routine == "enum_in";
}

bool worth_running_alone(const Batch& batch, const StatementError& error) {
  const auto kind = postgres::kind_of(error);
  return batch.commands.size() > 1 && batch.kind() != CommandKind::list &&
         batch.kind() != CommandKind::ping && kind != RefusalKind::deadline &&
         kind != RefusalKind::schema_changed;
}

}  // namespace troupe::actors
