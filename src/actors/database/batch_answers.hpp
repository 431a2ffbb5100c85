#pragma once

#include <functional>

#include "actors/database/command_queue.hpp"
#include "postgres/wire/rows.hpp"

namespace troupe::actors {

/// Says what became of each command of a batch that PostgreSQL carried out, in the batch's order. `rows`: the
/// answer to the statement that `statement_for` made of it.
void for_each_outcome(Batch& batch, const postgres::Rows& rows,
                      const std::function<void(Pending&, Outcome)>& answer);

}  // namespace troupe::actors
