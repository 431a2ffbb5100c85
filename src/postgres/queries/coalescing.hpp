#pragma once

#include <string>

#include "postgres/wire/blocking_session.hpp"
#include "schema/query/query_text.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// Why calls of this statement may not share one, in one line; empty: they may, and what it calls cannot
/// write. Looked at are names: no function, aggregate or operator of a name that a volatile one bears, in
/// the statement, in the views that it names and in their row security; no locking clause, no word that
/// writes. A name that is only a column's is taken for a function's all the same: that costs speed, never a
/// right answer. Blocks.
Result<std::string> why_not_coalesced(BlockingSession& session, const schema::QueryText& text);

/// Has it FOR UPDATE or its kin?
bool locks_rows(const schema::QueryText& text);

}  // namespace troupe::postgres
