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

// A server that is well answers a ping at once.
constexpr Duration limit_of_ping = std::chrono::seconds(1);
constexpr std::chrono::milliseconds least_timeout{1};

}  // namespace

BatchSending::BatchSending(std::chrono::milliseconds request_timeout, const DatabaseSettings& settings)
    : request_timeout_(request_timeout),
      replan_interval_(settings.replan_interval),
      timeouts_{settings.read_timeout, settings.write_timeout, settings.list_timeout} {}

void BatchSending::begin_session(TimePoint now) {
  statement_timeout_ = lock_timeout_ = {};
  forms_set_ = false;
  planned_ = now;
}

Result<void> BatchSending::send(DatabaseSession& session, std::span<Batch* const> transaction) {
  auto& first = *transaction.front();
  if (first.kind() == CommandKind::ping) {
    first.server_limit = limit_of_ping;
    return send_statement(session, first, postgres::Then::commit);
  }
  if (auto result = set_forms(session); !result) return result;
  if (auto result = follow_deadline(session, transaction); !result) return result;
  if (auto result = renew_plans(session, first.sent); !result) return result;
  if (transaction.size() > 1) {
    if (auto result = lock_rows(session, transaction); !result) return result;
    for (std::size_t i = 0; i < transaction.size(); ++i) {
      const auto then = i + 1 < transaction.size() ? postgres::Then::go_on : postgres::Then::commit;
      if (auto result = send_statement(session, *transaction[i], then); !result) return result;
    }
    return {};
  }
  const bool guarded = may_only_read(first);
  if (guarded) {
    if (auto result = send_our_own(session, postgres::begin_read_only_statement()); !result) return result;
  }
  if (auto result = send_earlier_statements(first, session, params_, tag_of_our_own); !result) return result;
  if (auto result = send_statement(session, first, postgres::Then::commit); !result) return result;
  return guarded ? send_our_own(session, postgres::commit_statement()) : Result<void>{};
}

Result<void> BatchSending::send_statement(DatabaseSession& session, Batch& batch, postgres::Then then) {
  const auto& statement = statement_for(batch, params_, scratch_);
  return session.send(statement, params_, tag_of_batches, then);
}

// Where several statements touch rows of one table, each in an order of its own, two such transactions would
// wait for each other. Tables come in one order anyway.
Result<void> BatchSending::lock_rows(DatabaseSession& session, std::span<Batch* const> transaction) {
  if (!is_write(transaction.front()->kind())) return {};
  for (std::size_t begin = 0; begin < transaction.size();) {
    const auto& resource = transaction[begin]->first().resource;
    std::size_t end = begin;  // creates, which are the last of their table, lock nothing that is there
    while (end < transaction.size() && transaction[end]->first().resource == resource &&
           transaction[end]->kind() != CommandKind::create)
      ++end;
    if (end - begin > 1) {
      const auto& lock = lock_for(transaction.subspan(begin, end - begin), params_);
      if (auto sent = session.send(lock, params_, tag_of_our_own, postgres::Then::go_on); !sent) return sent;
    }
    begin = std::max(end, begin + 1);
  }
  return {};
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
Result<void> BatchSending::follow_deadline(DatabaseSession& session, std::span<Batch* const> transaction) {
  const auto& first = *transaction.front();
  const auto timeout =
      std::min(statement_timeout_for(transaction, first.sent, request_timeout_), timeouts_.of(first.kind()));
  const auto before = first.first().called ? first.first().called->before.size() : 0;
  const auto statements = transaction.size() + before;
  for (auto* batch : transaction) batch->server_limit = timeout * static_cast<int>(statements);
  // One locked row must not hold up the writes beside it for long: what waits for it does so again, alone.
  // Also then the lock gives up first, so that the answer tells of it.
  const bool waits = std::ranges::any_of(first.commands, &Pending::waits_for_lock);
  const bool patient = !shares_commit(first.first()) || waits;
  const auto lock_timeout = std::max<std::chrono::milliseconds>(timeout / (patient ? 4 : 20), least_timeout);
  // Reads between writes lock no row, and setting it for them to and fro would cost a statement each time.
  const bool as_it_is = lock_timeout == lock_timeout_ || (first.kind() == CommandKind::read && !waits);
  if (timeout == statement_timeout_ && as_it_is) return {};
  params_.clear();
  params_.add_text(std::to_string(timeout.count()) + "ms");
  params_.add_text(std::to_string(lock_timeout.count()) + "ms");
  auto result =
      session.send(postgres::set_timeouts_statement(), params_, tag_of_our_own, postgres::Then::commit);
  if (!result) return result;
  statement_timeout_ = timeout;
  lock_timeout_ = lock_timeout;
  return {};
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
