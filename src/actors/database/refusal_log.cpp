#include "actors/database/refusal_log.hpp"

#include "support/log_line.hpp"

namespace troupe::actors {

void log_refusal(LogLimiter& limiter, const postgres::StatementError& error, Failure::Kind kind,
                 TimePoint now) {
  const bool internal = kind == Failure::Kind::internal;
  if (!internal && kind != Failure::Kind::forbidden && kind != Failure::Kind::busy) return;
  const auto left_out = limiter.admit(error.sqlstate, now);
  if (!left_out) return;
  log_line(internal ? LogLevel::error : LogLevel::warn, "PostgreSQL refused a statement: {} {}{}",
           error.sqlstate, error.in_full(), *left_out);
}

}  // namespace troupe::actors
