#pragma once

#include <chrono>
#include <span>

#include "actors/database/command_queue.hpp"
#include "actors/database/database_session.hpp"
#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"

namespace troupe::actors {

/// The statement that carries out `batch`; its parameters replace what `params` held. Sorts the batch's
/// changes and removals by key, so that two pool members lock rows in one order and do not deadlock.
/// `scratch` owns the statement's text where the resource has none ready.
const postgres::Statement& statement_for(Batch& batch, postgres::Params& params,
                                         postgres::Statement& scratch);

/// Queues what stands in front of that statement in its transaction (ServedQuery::before), if anything does.
/// `params` is overwritten. An Error means that the connection is lost.
Result<void> send_earlier_statements(const Batch& batch, DatabaseSession& session, postgres::Params& params,
                                     std::uint64_t tag);

/// The statement that locks the rows of `batches`, which are all of one resource, in the order of their keys'
/// bytes; its parameters replace what `params` held.
const postgres::Statement& lock_for(std::span<Batch* const> batches, postgres::Params& params);

/// database.read_timeout and the like: how long a statement may take by what it does; 0: no limit of its own.
struct StatementTimeouts {
  std::chrono::milliseconds read{0}, write{0}, list{0};

  /// The longest duration where there is none.
  std::chrono::milliseconds of(CommandKind kind) const;
};

/// How long PostgreSQL may take for a statement of `transaction`: until its latest deadline, because a
/// command that is nearly late must not take its neighbours with it (the check of deadlines answers it). In
/// steps of a tenth of `request_timeout`, so that a server without long queues never has to set it again; at
/// least one step.
std::chrono::milliseconds statement_timeout_for(std::span<Batch* const> transaction, TimePoint now,
                                                std::chrono::milliseconds request_timeout);

}  // namespace troupe::actors
