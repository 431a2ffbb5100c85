#pragma once

#include "postgres/wire/pipeline.hpp"

namespace troupe::postgres {

/// What a refused statement means for whoever asked for it.
enum class RefusalKind {
  invalid,         ///< the values are at fault: a type, a check, NOT NULL, what a trigger raised
  conflict,        ///< with other rows: unique, foreign key, exclusion
  forbidden,       ///< no privilege, or row-level security
  busy,            ///< a lock, another transaction or a lack of resources: the same may succeed in a moment
  away,            ///< the server is stopping, starting or read-only: another connection may do better
  deadline,        ///< statement_timeout
  schema_changed,  ///< the statement was made for other tables, columns or types than there are now
  internal,        ///< anything else
};

/// By the SQLSTATE (PostgreSQL, Appendix A).
RefusalKind kind_of(const StatementError& error);

}  // namespace troupe::postgres
