#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "postgres/wire/pipeline.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// Asked several times a second while something takes its time; true ends it.
using GiveUp = std::function<bool()>;

/// A connection for copying a database: outside of pipeline mode, so that it can run several statements at
/// once and COPY. A statement may take as long as it needs (an index on a big table does), but not beyond a
/// day; `give_up` cancels it. Used by one thread.
class CopySession {
 public:
  /// Connects within `timeout`. `give_up` is asked from then on.
  static Result<CopySession> open(const std::string& conninfo, std::chrono::milliseconds timeout,
                                  GiveUp give_up);

  /// Runs `sql`, one or more statements in one transaction (unless one is open), and returns the rows of the
  /// last one as text. Errors: invalid_argument with PostgreSQL's own words and SQLSTATE for a refusal
  /// (`refusal()` has it in parts); unavailable when no disk is left or the connection is lost; timed_out
  /// when `give_up` said so.
  Result<Rows> run(const std::string& sql);
  /// Sends what `out` (COPY … TO STDOUT) yields here to `in` (COPY … FROM STDIN) on `target`, piece by piece.
  /// Returns the rows that arrived; `on_bytes` hears how much has passed so far. After an Error neither
  /// session's transaction goes on.
  Result<std::uint64_t> copy_to(CopySession& target, const std::string& out, const std::string& in,
                                const std::function<void(std::uint64_t)>& on_bytes);

  /// Why the server refused the last statement, if it did.
  const std::optional<StatementError>& refusal() const { return refusal_; }
  /// The same for one SQLSTATE.
  bool refused_with(std::string_view sqlstate) const { return refusal_ && refusal_->sqlstate == sqlstate; }
  /// From now on nothing is given up: for putting things away.
  void never_give_up() {
    give_up_ = [] { return false; };
  }

 private:
  CopySession(Connection connection, GiveUp give_up)
      : connection_(std::move(connection)), give_up_(std::move(give_up)) {}

  Result<void> send(const std::string& sql);
  Result<void> wait(short events);
  Result<std::optional<Rows>> next_result();
  Result<Rows> last_result();
  Result<bool> take_piece(CopySession& target, std::uint64_t& bytes);
  Result<void> put(const char* piece, int length);
  Error refused(const PGresult* result);
  void cancel();

  Connection connection_;
  GiveUp give_up_;
  std::optional<StatementError> refusal_;
  std::chrono::steady_clock::time_point deadline_{};
  int unwritten_ = 0;  ///< bytes of a COPY since libpq's buffer was last empty
};

/// 'it''s', as SQL takes a text under standard_conforming_strings.
std::string quote_text(std::string_view text);

}  // namespace troupe::postgres
