#pragma once

#include <string>
#include <vector>

#include "postgres/wire/blocking_session.hpp"
#include "schema/file/resource_file.hpp"
#include "schema/query/query.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// A query and the SQL that carries it out.
struct LoadedQuery {
  schema::Query query;
  std::string one_sql{};   ///< one_call_sql
  std::string many_sql{};  ///< many_calls_sql; empty: not coalesced, or there are no parameters
};

/// Has PostgreSQL describe the file's queries. Nothing is run. Error: one line with file and line, and with
/// PostgreSQL's own position where it gives one. Blocks.
Result<std::vector<LoadedQuery>> load_queries(BlockingSession& session, const schema::ResourceFile& file);

}  // namespace troupe::postgres
