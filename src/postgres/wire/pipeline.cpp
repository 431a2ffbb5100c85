#include "postgres/wire/pipeline.hpp"

#include <poll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "postgres/wire/error_text.hpp"

namespace troupe::postgres {
namespace {

// After the last result of a statement libpq returns one NULL; more in a row mean that it waits for nothing
// any more.
constexpr int max_nulls_in_a_row = 2;

// A TLS or GSS record holds up to 16 KiB, of which one PQconsumeInput can leave the end inside the library,
// where no poll sees it. Once the socket itself is empty, at most this many further calls take it all.
constexpr int calls_for_hidden_input = 2;

/// Statements that a session keeps: more than a server of a few dozen tables has without filters.
constexpr std::size_t max_prepared = 256;

int queue_sync(PGconn* handle) {
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC
  return PQsendPipelineSync(handle);
#else
  return PQpipelineSync(handle);
#endif
}

std::string_view field(const Rows& result, int code) {
  const char* text = PQresultErrorField(result.handle(), code);
  return text == nullptr ? std::string_view{} : text;
}

// Only the end of a session is FATAL (or PANIC), whatever its code: 57P01 admin_shutdown, 57P02, 57P03,
// 57P05, ... Errors that libpq makes itself carry no code at all.
bool ends_connection(const Rows& result) {
  std::string_view severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity.empty()) severity = field(result, PG_DIAG_SEVERITY);
  const std::string_view code = field(result, PG_DIAG_SQLSTATE);
  return severity == "FATAL" || severity == "PANIC" || code.empty() || code == "57P01" || code == "57P02" ||
         code == "57P03";
}

StatementError statement_error(const Rows& result) {
  const auto text = [&](int code) { return one_line(field(result, code)); };
  const auto name = [&](int code) { return std::string(field(result, code)); };
  const auto number = [&](int code) {
    const auto digits = field(result, code);
    std::size_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  };
  return {name(PG_DIAG_SQLSTATE),        text(PG_DIAG_MESSAGE_PRIMARY),     text(PG_DIAG_MESSAGE_DETAIL),
          name(PG_DIAG_TABLE_NAME),      name(PG_DIAG_COLUMN_NAME),         name(PG_DIAG_CONSTRAINT_NAME),
          name(PG_DIAG_SOURCE_FUNCTION), number(PG_DIAG_STATEMENT_POSITION)};
}

Error out_of_step(const char* what) {
  return {ErrorCode::internal, std::string("the pipeline to PostgreSQL is out of step: ") + what};
}

}  // namespace

Pipeline::Pipeline(Connection connection) : connection_(std::move(connection)) {}

Result<void> Pipeline::send(const Statement& statement, const Params& params, std::uint64_t tag, Then then) {
  static_assert(sizeof(Oid) == sizeof(::Oid));
  PGconn* handle = connection_.handle();
  const int count = static_cast<int>(params.size());
  auto found = prepared_.find(statement.name);
  const bool preparing = found == prepared_.end();
  if (preparing) {
    if (auto made = make_room(); !made) return made;
    auto fresh =
        std::make_shared<Preparation>(Preparation{statement.name, "t" + std::to_string(++prepares_), {}, 0});
    found = prepared_.emplace(statement.name, std::move(fresh)).first;
    const auto* types = reinterpret_cast<const ::Oid*>(params.types().data());
    if (PQsendPrepare(handle, found->second->name.c_str(), statement.sql.c_str(), count, types) != 1)
      return connection_.error();
  }
  const auto& known = found->second;
  known->used = ++sent_;
  if (PQsendQueryPrepared(handle, known->name.c_str(), count, params.values().data(), params.lengths().data(),
                          params.formats().data(), /*resultFormat=*/1) != 1)
    return connection_.error();
  if (then == Then::commit && queue_sync(handle) != 1) return connection_.error();
  in_flight_.push_back({tag, known, preparing ? 2 : 1, then});
  return {};
}

Result<void> Pipeline::describe(const std::string& sql, std::span<const unsigned> types, std::uint64_t tag) {
  PGconn* handle = connection_.handle();
  if (PQsendPrepare(handle, "", sql.c_str(), static_cast<int>(types.size()), types.data()) != 1 ||
      PQsendDescribePrepared(handle, "") != 1 || queue_sync(handle) != 1)
    return connection_.error();
  in_flight_.push_back({tag, std::make_shared<Preparation>(), 2});
  return {};
}

// Lists have as many shapes as clients think of, and each takes memory of the server's.
Result<void> Pipeline::make_room() {
  if (prepared_.size() < max_prepared) return {};
  const auto idle = [](const auto& entry) { return entry.second.use_count() == 1; };  // else it is in flight
  auto oldest = prepared_.end();
  for (auto entry = prepared_.begin(); entry != prepared_.end(); ++entry) {
    if (idle(*entry) && (oldest == prepared_.end() || entry->second->used < oldest->second->used))
      oldest = entry;
  }
  if (oldest == prepared_.end()) return {};
  PGconn* handle = connection_.handle();
  const auto sql = "DEALLOCATE " + oldest->second->name;
  if (PQsendQueryParams(handle, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, /*resultFormat=*/1) !=
          1 ||
      queue_sync(handle) != 1)
    return connection_.error();
  prepared_.erase(oldest);
  in_flight_.push_back({0, nullptr, 1});
  return {};
}

Result<bool> Pipeline::flush() {
  const int left = PQflush(connection_.handle());
  if (left < 0) return connection_.error();
  return left == 1;
}

Result<void> Pipeline::receive(std::vector<Completion>& done) {
  PGconn* handle = connection_.handle();
  int calls_left = PQsslInUse(handle) != 0 || PQgssEncInUse(handle) != 0 ? calls_for_hidden_input : 0;
  while (true) {
    const bool alive = PQconsumeInput(handle) == 1;
    // A dying server's last answers arrive together with the end of the stream: they count.
    if (auto taken = take_results(done); !taken) return taken;
    if (!alive || PQstatus(handle) == CONNECTION_BAD) return connection_.error();
    if (in_flight_.empty()) return {};
    if (!more_arrived() && calls_left-- <= 0) return {};
  }
}

bool Pipeline::wait(std::chrono::milliseconds timeout, bool or_writable) const {
  pollfd polled{connection_.socket(), static_cast<short>(or_writable ? POLLIN | POLLOUT : POLLIN), 0};
  // A signal ends the wait early, which no caller can tell from a short timeout.
  return ::poll(&polled, 1, static_cast<int>(timeout.count())) > 0 && (polled.revents & ~POLLOUT) != 0;
}

bool Pipeline::more_arrived() const {
  int bytes = 0;
  return ioctl(connection_.socket(), FIONREAD, &bytes) == 0 && bytes > 0;
}

Result<void> Pipeline::take_results(std::vector<Completion>& done) {
  PGconn* handle = connection_.handle();
  int nulls = 0;
  while (!in_flight_.empty() && PQisBusy(handle) == 0) {
    Rows result(PQgetResult(handle));
    if (result.handle() != nullptr) {
      nulls = 0;
      if (auto taken = take(std::move(result), done); !taken) return taken;
    } else if (++nulls > max_nulls_in_a_row) {
      if (PQstatus(handle) == CONNECTION_BAD) return connection_.error();
      return out_of_step("no result for a statement in flight");
    }
  }
  return {};
}

/// How many of the statements in flight are the first transaction.
std::size_t Pipeline::oldest_transaction() const {
  std::size_t count = 0;
  while (count < in_flight_.size() && in_flight_[count++].then == Then::go_on) {
  }
  return count;
}

/// Whose result comes next; the last one's, if that has come and the commit behind it fails.
Pipeline::InFlight& Pipeline::awaited(std::size_t transaction) {
  std::size_t place = 0;
  while (place + 1 < transaction && in_flight_[place].results == 0) ++place;
  return in_flight_[place];
}

Result<void> Pipeline::take(Rows result, std::vector<Completion>& done) {
  const auto transaction = oldest_transaction();
  switch (PQresultStatus(result.handle())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY: {
      auto& statement = awaited(transaction);
      if (statement.results == 0) return out_of_step("two results for one statement");
      // The prepare holds from here on: PostgreSQL keeps it even if the execution behind it fails.
      if (--statement.results == 0) statement.outcome = std::move(result);
      return {};
    }
    case PGRES_FATAL_ERROR:
      return take_error(result, transaction);
    case PGRES_PIPELINE_ABORTED:
      return take_aborted(transaction);
    case PGRES_PIPELINE_SYNC:
      return end_transaction(transaction, done);
    default:
      return out_of_step("a result that no statement of ours gives");
  }
}

const StatementError* Pipeline::refusal_in(std::size_t transaction) const {
  for (std::size_t i = 0; i < transaction; ++i) {
    if (const auto* error = std::get_if<StatementError>(&in_flight_[i].outcome)) return error;
  }
  return nullptr;
}

// What stands behind a refused statement is skipped, up to the Sync.
Result<void> Pipeline::take_aborted(std::size_t transaction) {
  auto& skipped = awaited(transaction);
  if (skipped.results == 0 || refusal_in(transaction) == nullptr)
    return out_of_step("aborted without an error");
  const bool prepare = skipped.results-- == 2;
  if (prepare && skipped.statement != nullptr) {
    // Who has sent the same statement behind this one is told to try again.
    skipped.statement->error =
        StatementError{"40001", "it was not prepared, since a statement in front of it was refused"};
    forget(*skipped.statement);
  }
  return {};
}

/// All of them have the outcome of the one that was refused.
Result<void> Pipeline::end_transaction(std::size_t transaction, std::vector<Completion>& done) {
  std::optional<StatementError> refused;
  if (const auto* error = refusal_in(transaction)) refused = *error;
  for (std::size_t i = 0; i < transaction; ++i) {
    auto& [tag, statement, results, then, outcome] = in_flight_.front();
    if (statement == nullptr) {  // whether it was forgotten is nobody's concern
    } else if (refused) {
      done.push_back({tag, *refused});
    } else if (auto* rows = std::get_if<Rows>(&outcome)) {
      done.push_back({tag, std::move(*rows)});
    } else {
      return out_of_step("a Sync without a result");
    }
    in_flight_.pop_front();
  }
  return {};
}

// An error behind the rows (a deferred constraint fails at the commit, that is at the Sync) replaces them.
Result<void> Pipeline::take_error(const Rows& result, std::size_t transaction) {
  if (ends_connection(result)) return connection_.error(PQresultErrorMessage(result.handle()));
  auto& statement = awaited(transaction);
  const bool prepare = statement.results == 2;
  statement.results = std::max(statement.results - 1, 0);
  StatementError error = statement_error(result);
  if (statement.statement == nullptr) {
    statement.outcome = std::move(error);
    return {};
  }
  if (prepare) {
    statement.statement->error = error;
    forget(*statement.statement);
  } else if (error.sqlstate ==
             "26000") {  // no such prepared statement: the prepare failed, or somebody deallocated it
    if (statement.statement->error) error = *statement.statement->error;
    forget(*statement.statement);
  }
  statement.outcome = std::move(error);
  return {};
}

void Pipeline::forget(const Preparation& statement) {
  const auto known = prepared_.find(statement.key);
  if (known != prepared_.end() && known->second.get() == &statement) prepared_.erase(known);
}

}  // namespace troupe::postgres
