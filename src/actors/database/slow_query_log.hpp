#pragma once

#include <cstddef>

#include "actors/database/command_queue.hpp"
#include "support/log_limiter.hpp"
#include "support/time.hpp"

namespace troupe::actors {

/// A line in the log for a statement that took long (log.slow_query): of which resource or query it was, for
/// how many commands, with how many rows and how long; of each such once in a minute, and never with values.
/// `took`: since PostgreSQL could begin with it. From any thread.
void log_slow(LogLimiter& limiter, const Batch& batch, Duration took, std::size_t rows, bool refused,
              TimePoint now);

}  // namespace troupe::actors
