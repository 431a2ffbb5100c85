#pragma once

#include <chrono>
#include <span>

#include "actors/database/batch_statements.hpp"
#include "actors/database/command_queue.hpp"
#include "actors/database/database_session.hpp"
#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"
#include "support/settings.hpp"

namespace troupe::actors {

/// Sends batches over a session, and before them what keeps the session in step with them: its time-outs and
/// the age of its plans. An Error means that the connection is lost. Used by one actor.
class BatchSending {
 public:
  BatchSending(std::chrono::milliseconds request_timeout, const DatabaseSettings& settings);

  /// A new session knows nothing of what the last one was told.
  void begin_session(TimePoint now);
  /// Queues the statements of a transaction's batches (their `sent` is now), and sets their `server_limit`.
  /// Sorts changes and removals by key.
  Result<void> send(DatabaseSession& session, std::span<Batch* const> transaction);

  /// Is this a batch's completion? Else it is of a statement that nobody waits for.
  static bool is_of_batch(const postgres::Completion& completion);

 private:
  static bool may_only_read(const Batch& batch);
  Result<void> send_our_own(DatabaseSession& session, const postgres::Statement& statement);
  Result<void> set_forms(DatabaseSession& session);
  Result<void> follow_deadline(DatabaseSession& session, std::span<Batch* const> transaction);
  Result<void> lock_rows(DatabaseSession& session, std::span<Batch* const> transaction);
  Result<void> send_statement(DatabaseSession& session, Batch& batch, postgres::Then then);
  Result<void> renew_plans(DatabaseSession& session, TimePoint now);

  std::chrono::milliseconds request_timeout_;
  std::chrono::milliseconds replan_interval_;
  StatementTimeouts timeouts_;
  std::chrono::milliseconds statement_timeout_{0}, lock_timeout_{0};  ///< what the session has now
  bool forms_set_ = false;  ///< the session writes dates as we read them
  TimePoint planned_{};     ///< when the session last threw its plans away

  // Kept only to use their memory again.
  postgres::Params params_;
  postgres::Statement scratch_;
};

}  // namespace troupe::actors
