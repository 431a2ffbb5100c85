#pragma once

#include <cstdint>
#include <vector>

#include "actors/database/command_queue.hpp"
#include "postgres/wire/refusal.hpp"

namespace troupe::actors {

/// What a refused statement means for its commands.
Failure failure_for(const postgres::StatementError& error);

/// Does the error say that a table is no longer as its resource has it?
bool tells_of_schema_change(const postgres::StatementError& error);

/// What is tried with the commands of a refused transaction.
enum class Again : std::uint8_t {
  no,      ///< they have their answer
  whole,   ///< once more, with whatever has gathered since: no row was at fault
  apart,   ///< each batch as a transaction of its own
  halves,  ///< each half of the batch: one bad row is found in about 2·log2(n) transactions
  alone,   ///< each command as a transaction of its own, and it may wait for a lock
};
Again again_after(const Batch& batch, const postgres::StatementError& error);

/// The commands of `batch` in the transactions that `again` (not `no` or `whole`) asks for. None is empty.
std::vector<Batch> split(Batch batch, Again again);

}  // namespace troupe::actors
