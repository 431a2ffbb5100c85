#pragma once

#include "actors/database/messages.hpp"
#include "postgres/wire/pipeline.hpp"
#include "support/log_limiter.hpp"
#include "support/time.hpp"

namespace troupe::actors {

/// A line in the log for what PostgreSQL refused, of each kind once in a minute: for what somebody else than
/// the client has to mend. A client's own fault is its own concern. From any thread.
void log_refusal(LogLimiter& limiter, const postgres::StatementError& error, Failure::Kind kind,
                 TimePoint now);

}  // namespace troupe::actors
