#pragma once

#include "postgres/wire/pipeline.hpp"

namespace troupe::postgres {

// What a session is told that is about no table.

/// One row, without looking at anything.
const Statement& ping_statement();
/// $1, $2 text: statement_timeout and lock_timeout of the session, with units.
const Statement& set_timeouts_statement();
/// Dates, times and intervals as text in the forms that schema::Codec reads, in UTC.
const Statement& set_forms_statement();
/// Makes the session plan its statements again, at the next use of each.
const Statement& discard_plans_statement();

/// Between them a statement may only read, whatever the functions do that it calls.
const Statement& begin_read_only_statement();
const Statement& commit_statement();

}  // namespace troupe::postgres
