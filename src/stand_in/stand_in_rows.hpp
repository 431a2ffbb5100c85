#pragma once

#include <cstdint>

#include "actors/database/messages.hpp"

namespace troupe::stand_in {

/// The rows that PostgreSQL would answer a read, create, change, replace or put with: what the command says
/// of them, and made-up values for the rest. Rows that are made are numbered from `first_id` on, where their
/// key is an integer that clients do not choose.
actors::RowAnswer rows_for(const actors::Command& command, std::int64_t first_id);

}  // namespace troupe::stand_in
