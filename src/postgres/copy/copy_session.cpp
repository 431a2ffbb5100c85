#include "postgres/copy/copy_session.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "postgres/wire/error_text.hpp"

namespace troupe::postgres {
namespace {

using Clock = std::chrono::steady_clock;
// How often give_up is asked, and what is too long for one statement of a copy.
constexpr std::chrono::milliseconds look{100};
constexpr std::chrono::hours longest_statement{24};
constexpr int most_unwritten = 64 * 1024;
constexpr const char* disk_full = "53100";

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string() : one_line(text);
}

struct FreePiece {
  void operator()(char* piece) const { PQfreemem(piece); }
};
struct FreeCancel {
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
};

}  // namespace

Result<CopySession> CopySession::open(const std::string& conninfo, std::chrono::milliseconds timeout,
                                      GiveUp give_up) {
  auto connection = Connection::start(conninfo);
  if (!connection) return connection.error();
  CopySession session(std::move(*connection), std::move(give_up));
  session.deadline_ = Clock::now() + timeout;
  while (true) {
    const auto waits = session.connection_.poll();
    if (!waits) return waits.error();
    if (*waits == Connection::Waits::nothing) break;
    const short events = *waits == Connection::Waits::readable ? POLLIN : POLLOUT;
    if (const auto ready = session.wait(events); !ready) return ready.error();
  }
  // COPY and several statements in one text are not for pipeline mode.
  if (PQexitPipelineMode(session.connection_.handle()) != 1) return session.connection_.error();
  return session;
}

Result<void> CopySession::wait(short events) {
  while (true) {
    if (give_up_()) return Error{ErrorCode::timed_out, "given up"};
    if (Clock::now() >= deadline_) return Error{ErrorCode::timed_out, "PostgreSQL did not answer in time"};
    pollfd waited{connection_.socket(), events, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(look.count()));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return Error{ErrorCode::io, "cannot wait for PostgreSQL's socket"};
  }
}

Result<void> CopySession::send(const std::string& sql) {
  refusal_.reset();
  deadline_ = Clock::now() + longest_statement;
  if (PQsendQuery(connection_.handle(), sql.c_str()) != 1) return connection_.error();
  return {};
}

Error CopySession::refused(const PGresult* result) {
  refusal_ = StatementError{.sqlstate = field(result, PG_DIAG_SQLSTATE),
                            .message = field(result, PG_DIAG_MESSAGE_PRIMARY),
                            .detail = field(result, PG_DIAG_MESSAGE_DETAIL),
                            .table = field(result, PG_DIAG_TABLE_NAME),
                            .column = field(result, PG_DIAG_COLUMN_NAME),
                            .constraint = field(result, PG_DIAG_CONSTRAINT_NAME)};
  if (refusal_->sqlstate.empty()) return connection_.error();
  if (refusal_->sqlstate == disk_full)
    return {ErrorCode::unavailable, "there is not enough disk for the copy: " + refusal_->message};
  return {ErrorCode::invalid_argument, refusal_->in_full() + " (SQLSTATE " + refusal_->sqlstate + ")"};
}

void CopySession::cancel() {
  const std::unique_ptr<PGcancel, FreeCancel> request(PQgetCancel(connection_.handle()));
  char why[256];
  if (request) PQcancel(request.get(), why, sizeof why);  // if it fails, closing the connection ends it, too
}

Result<std::optional<Rows>> CopySession::next_result() {
  auto* handle = connection_.handle();
  while (true) {
    const int left = PQflush(handle);
    if (left < 0) return connection_.error();
    if (PQisBusy(handle) == 0) break;
    const auto events = static_cast<short>(left > 0 ? POLLIN | POLLOUT : POLLIN);
    if (const auto ready = wait(events); !ready) {
      cancel();
      return ready.error();
    }
    if (PQconsumeInput(handle) != 1) return connection_.error();
  }
  auto* result = PQgetResult(handle);
  if (result == nullptr) return std::optional<Rows>{};
  return std::optional(Rows(result));
}

Result<Rows> CopySession::last_result() {
  std::optional<Rows> last;
  std::optional<Error> error;
  while (true) {
    auto result = next_result();
    if (!result) return result.error();
    if (!*result) break;
    const auto status = PQresultStatus((*result)->handle());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) return **std::move(result);
    if (status == PGRES_FATAL_ERROR) error = refused((*result)->handle());
    last.emplace(**std::move(result));
  }
  if (error) return *error;
  if (!last) return connection_.error();
  return *std::move(last);
}

Result<Rows> CopySession::run(const std::string& sql) {
  if (const auto sent = send(sql); !sent) return sent.error();
  return last_result();
}

Result<void> CopySession::put(const char* piece, int length) {
  auto* handle = connection_.handle();
  if (PQputCopyData(handle, piece, length) != 1) {  // it was refused meanwhile
    const auto result = last_result();
    return result ? connection_.error() : result.error();
  }
  // libpq writes whole blocks by itself, and its buffer grows with what cannot be written: so that nothing is
  // left there now and then.
  unwritten_ += length;
  if (unwritten_ < most_unwritten) return {};
  unwritten_ = 0;
  while (true) {
    const int left = PQflush(handle);
    if (left < 0) return connection_.error();
    if (left == 0) return {};
    if (const auto ready = wait(POLLIN | POLLOUT); !ready) return ready.error();
    if (PQconsumeInput(handle) != 1) return connection_.error();
  }
}

/// Whether there was one.
Result<bool> CopySession::take_piece(CopySession& target, std::uint64_t& bytes) {
  auto* handle = connection_.handle();
  while (true) {
    char* buffer = nullptr;
    const int length = PQgetCopyData(handle, &buffer, /*async=*/1);
    const std::unique_ptr<char, FreePiece> piece(buffer);
    if (length == -1) return false;
    if (length == -2) return connection_.error();
    if (length > 0) {
      bytes += static_cast<std::uint64_t>(length);
      if (const auto done = target.put(piece.get(), length); !done) return done.error();
      return true;
    }
    if (const auto ready = wait(POLLIN); !ready) return ready.error();
    if (PQconsumeInput(handle) != 1) return connection_.error();
  }
}

Result<std::uint64_t> CopySession::copy_to(CopySession& target, const std::string& out, const std::string& in,
                                           const std::function<void(std::uint64_t)>& on_bytes) {
  if (const auto begun = run(out); !begun) return begun.error();
  if (const auto begun = target.run(in); !begun) {
    cancel();
    return begun.error();
  }
  std::uint64_t bytes = 0;
  while (true) {
    const auto more = take_piece(target, bytes);
    if (!more) {
      cancel();
      return more.error();
    }
    if (!*more) break;
    on_bytes(bytes);
    if (give_up_()) {
      cancel();
      return Error{ErrorCode::timed_out, "given up"};
    }
  }
  if (const auto ended = last_result(); !ended) return ended.error();
  if (PQputCopyEnd(target.connection_.handle(), nullptr) != 1) return target.connection_.error();
  const auto ended = target.last_result();
  if (!ended) return ended.error();
  const std::string_view count = PQcmdTuples(const_cast<PGresult*>(ended->handle()));
  std::uint64_t rows = 0;
  std::from_chars(count.data(), count.data() + count.size(), rows);
  return rows;
}

std::string quote_text(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace troupe::postgres
