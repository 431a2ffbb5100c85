#pragma once

#include <cstdint>

#include "postgres/copy/rows/progress.hpp"
#include "postgres/copy/schema/copy_schema.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// Fills the copied tables, which are empty and have no keys yet, with `rows` made-up rows each, in
/// PostgreSQL itself: of the columns' types and lengths, foreign keys to rows that are there, unique columns
/// unique, values of an enumeration or of a check that lists them. A table whose keys allow fewer gets fewer.
/// The same for the same seed. Error: invalid_argument, naming the table, where values of a column cannot be
/// guessed.
Result<void> generate_rows(CopySession& target, const CopySchema& schema, std::uint64_t rows,
                           std::uint64_t seed, const Tell& tell);

}  // namespace troupe::postgres
