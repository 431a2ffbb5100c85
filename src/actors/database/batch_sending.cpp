#include "actors/database/batch_sending.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "actors/database/batch_statements.hpp"
#include "postgres/session_statements.hpp"

namespace troupe::actors {

namespace {

constexpr std::uint64_t tag_of_batches = 0;
constexpr std::uint64_t tag_of_our_own = 1;

}  // namespace

BatchSending::BatchSending(std::chrono::milliseconds request_timeout,
                           std::chrono::milliseconds replan_interval)
    : request_timeout_(request_timeout), replan_interval_(replan_interval) {}

void BatchSending::begin_session(TimePoint now) {
  statement_timeout_ = {};
  forms_set_ = false;
  planned_ = now;
}

Result<void> BatchSending::send(DatabaseSession& session, Batch& batch) {
  if (auto result = set_forms(session); !result) return result;
  if (auto result = follow_deadline(session, batch); !result) return result;
  if (auto result = renew_plans(session, batch.sent); !result) return result;
  const bool guarded = may_only_read(batch);
  if (guarded) {
    if (auto result = send_our_own(session, postgres::begin_read_only_statement()); !result) return result;
  }
  if (auto result = send_earlier_statements(batch, session, params_, tag_of_our_own); !result) return result;
  const auto& statement = statement_for(batch, params_, scratch_);
  if (auto result = session.send(statement, params_, tag_of_batches, postgres::Then::commit); !result)
    return result;
  return guarded ? send_our_own(session, postgres::commit_statement()) : Result<void>{};
}

// What is known not to write needs no transaction of three statements.
bool BatchSending::may_only_read(const Batch& batch) {
  return batch.kind() == CommandKind::call && !batch.first().called->query.proven_read_only;
}

Result<void> BatchSending::send_our_own(DatabaseSession& session, const postgres::Statement& statement) {
  params_.clear();
  return session.send(statement, params_, tag_of_our_own, postgres::Then::commit);
}

bool BatchSending::is_of_batch(const postgres::Completion& completion) {
  return completion.tag == tag_of_batches;
}

Result<void> BatchSending::set_forms(DatabaseSession& session) {
  if (std::exchange(forms_set_, true)) return {};
  return send_our_own(session, postgres::set_forms_statement());
}

// Lets the session's statement_timeout follow the deadline of what is about to be sent.
Result<void> BatchSending::follow_deadline(DatabaseSession& session, const Batch& batch) {
  const auto wanted = statement_timeout_for(batch, batch.sent, request_timeout_);
  if (wanted == statement_timeout_) return {};
  params_.clear();
  params_.add_text(std::to_string(wanted.count()) + "ms");
  // A lock must give up first, or one locked row would time out its whole batch.
  params_.add_text(std::to_string(std::max<std::int64_t>(wanted.count() / 4, 1)) + "ms");
  auto result =
      session.send(postgres::set_timeouts_statement(), params_, tag_of_our_own, postgres::Then::commit);
  if (result) statement_timeout_ = wanted;
  return result;
}

// PostgreSQL plans a prepared statement a few times and then keeps the plan. One made when the table was
// empty scans all of it, and stays until autovacuum looks at the table (a minute, or never for a small
// change).
Result<void> BatchSending::renew_plans(DatabaseSession& session, TimePoint now) {
  if (now - planned_ < replan_interval_) return {};
  planned_ = now;
  return send_our_own(session, postgres::discard_plans_statement());
}

}  // namespace troupe::actors
