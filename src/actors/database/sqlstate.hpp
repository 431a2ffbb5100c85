#pragma once

#include <string_view>

#include "actors/database/command_queue.hpp"
#include "postgres/wire/refusal.hpp"

namespace troupe::actors {

/// What a refused statement means for its commands.
Failure failure_for(const postgres::StatementError& error);

/// Does the error say that a table is no longer as its resource has it?
bool tells_of_schema_change(const postgres::StatementError& error);

/// May the rows of a refused multi-row statement succeed one by one? Not when time ran out.
bool worth_running_alone(const Batch& batch, const postgres::StatementError& error);

}  // namespace troupe::actors
