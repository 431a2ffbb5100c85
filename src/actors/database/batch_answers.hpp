#pragma once

#include <functional>

#include "actors/database/command_queue.hpp"
#include "postgres/wire/rows.hpp"

namespace troupe::actors {

/// Says what became of each command of a batch that PostgreSQL carried out, in the batch's order. `rows`: the
/// answer to the statement that `statement_for` made of it.
void for_each_outcome(Batch& batch, postgres::Rows rows,
                      const std::function<void(Pending&, Outcome)>& answer);

/// May another command of the batch have got the row of one that got none? Keys that are equal to PostgreSQL
/// need not be equal to us (1.0 and 1.00; with citext a and A), and of two changes of one row it carries out
/// one. Calls get none when their rows came in disorder.
bool may_have_lost_its_row(const Batch& batch);

}  // namespace troupe::actors
