#pragma once

#include <chrono>

#include "actors/database/command_queue.hpp"
#include "postgres/wire/pipeline.hpp"
#include "support/log_limiter.hpp"
#include "support/time.hpp"

namespace troupe::actors {

/// Lines in the log for statements that took long (log.slow_query): of which resource or query they were, for
/// how many commands, with how many rows and how long; of each such once in a minute, and never with values.
/// Shared by a pool's actors; may be used by any thread.
class SlowQueryLog {
 public:
  /// 0: none is slow.
  explicit SlowQueryLog(std::chrono::milliseconds least = {}) : least_(least) {}

  /// A statement came back. `began`: when PostgreSQL could begin with it.
  void look_at(const Batch& batch, const postgres::Completion& completion, TimePoint began, TimePoint now) {
    if (least_ != Duration{} && now - began >= least_) tell(batch, completion, now - began, now);
  }

 private:
  void tell(const Batch& batch, const postgres::Completion& completion, Duration took, TimePoint now);

  Duration least_;
  LogLimiter limiter_;
};

}  // namespace troupe::actors
