#pragma once

#include <cstdint>
#include <string>

#include "schema/query/query.hpp"

namespace troupe::postgres {

/// How a statement stands in the one that is sent, which shows each column in its WireForm.
enum class QueryForm : std::uint8_t {
  subquery,  ///< FROM (…): what only reads
  with,      ///< WITH … AS (…): what writes and returns rows
  plain,     ///< as it is: what gives no rows, or columns that need no cast
};

/// One call: $1 … are the parameters, in their WireForms; the answer's columns are the query's, in their
/// order. At most `max_rows` + 1 rows, or one where the query is about one, if it only reads.
std::string one_call_sql(const schema::Query& query, QueryForm form);

/// Many calls: $1 … are arrays of parameters; the answer has the call's number, from 1, in front of the
/// query's columns. Calls come in their order, and each call's rows in theirs, as far as PostgreSQL runs the
/// statement once for each call, which it need not: look at the numbers. Only for what reads and has
/// parameters.
std::string many_calls_sql(const schema::Query& query);

/// Whether PostgreSQL sends the columns in their WireForms without a cast.
bool needs_no_casts(const schema::Resource& rows);

}  // namespace troupe::postgres
