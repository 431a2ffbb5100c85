#pragma once

#include "postgres/copy/rows/progress.hpp"
#include "postgres/copy/schema/copy_schema.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// Copies a share (0 to 1) of the tables' rows from the snapshot that `source` reads in, piece by piece:
/// memory does not grow with the rows. `target` has the tables, and neither keys nor indexes.
Result<void> copy_rows(CopySession& source, CopySession& target, const CopySchema& schema, double share,
                       const Tell& tell);

/// Brings every row that a copied row refers to and that is missing, and what those refer to, and so on.
/// `target` has its primary keys by now.
Result<void> copy_missing_parents(CopySession& source, CopySession& target, const CopySchema& schema,
                                  const Tell& tell);

/// Sets sequences behind the values that their columns have.
Result<void> set_sequences(CopySession& target, const CopySchema& schema);

}  // namespace troupe::postgres
