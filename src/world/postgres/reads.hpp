#pragma once

#include <variant>

#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"
#include "postgres/wire/rows.hpp"
#include "world/postgres/repertoire.hpp"

namespace troupe::world {

/// What a statement that reads a table answers: what is committed now, or was made by its own transaction, if
/// that has written.
std::variant<postgres::Rows, postgres::StatementError> read_rows(const Meaning& meaning,
                                                                 const postgres::Params& params,
                                                                 const Transaction* reader);

}  // namespace troupe::world
