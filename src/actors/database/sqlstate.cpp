#include "actors/database/sqlstate.hpp"

#include <algorithm>
#include <memory>
#include <string_view>

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

Again again_after(const Batch& batch, const StatementError& error) {
  if (batch.kind() == CommandKind::list || batch.kind() == CommandKind::ping) return Again::no;
  const std::string_view code = error.sqlstate;
  // A read that was refused so is at fault itself: it waits for nobody.
  if (code.starts_with("40") && is_write(batch.kind())) {
    const bool again = std::ranges::any_of(batch.commands, &Pending::rolled_back);
    if (!again) return Again::whole;
  }
  const bool the_servers_own = code.starts_with("08") || code.starts_with("53") || code.starts_with("57");
  if (the_servers_own) return Again::no;
  // A table that is no longer as it was is that table's own concern.
  if (batch.of > 1) return Again::apart;
  if (tells_of_schema_change(error) && error.routine != "enum_in") return Again::no;
  if (code == "55P03") {
    const bool waited = std::ranges::any_of(batch.commands, &Pending::waits_for_lock);
    // A read waited for as long as the writes before it may; once it has all the patience there is.
    if (batch.kind() == CommandKind::read) return waited ? Again::no : Again::whole;
    return (waited && batch.commands.size() == 1) || !shares_commit(batch.first()) ? Again::no : Again::alone;
  }
  if (batch.commands.size() == 1 || (code.starts_with("42") && code != "42501")) return Again::no;
  return Again::halves;
}

std::vector<Batch> split(Batch batch, Again again) {
  auto& commands = batch.commands;
  const bool was_alone = commands.size() == 1;
  const auto parts = again == Again::apart ? 1 : again == Again::halves ? 2 : commands.size();
  std::vector<Batch> split;
  for (std::size_t i = 0, part = 0; part < parts; ++part) {
    Batch made;
    for (const auto end = (part + 1) * commands.size() / parts; i < end; ++i) {
      // Its neighbours go first: it waits for long only when it did so for a while already.
      if (again == Again::alone) commands[i].waits_for_lock = was_alone;
      made.commands.push_back(std::move(commands[i]));
    }
    if (!made.commands.empty()) split.push_back(std::move(made));
  }
  return split;
}

}  // namespace troupe::actors
