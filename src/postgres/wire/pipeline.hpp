#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "postgres/wire/connection.hpp"
#include "postgres/wire/params.hpp"
#include "postgres/wire/rows.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// A statement by its SQL text; `name` identifies it in the connection, may be of any length (the text
/// itself, say) and must be different for different texts.
struct Statement {
  std::string name;
  std::string sql;
};

/// The server refused a statement. Texts are one line each and can hold SQL text and values; names are empty
/// where the server gave none.
struct StatementError {
  std::string sqlstate;      ///< five characters, PostgreSQL's Appendix A
  std::string message;       ///< the primary one
  std::string detail{};      ///< which values, as "Key (name)=(a) already exists"
  std::string table{};       ///< without its schema
  std::string column{};      ///< of a NOT NULL that is violated
  std::string constraint{};  ///< that is violated; of a unique index its name
  std::string routine{};     ///< of the server's source, the same in every language of its messages
  std::size_t position = 0;  ///< of the SQL's character that is at fault, from 1; 0: unknown

  /// For logs: the message and its detail.
  std::string in_full() const { return detail.empty() ? message : message + ": " + detail; }
};

/// A statement that has come back: `tag` is what the sender gave it.
struct Completion {
  std::uint64_t tag = 0;
  std::variant<Rows, StatementError> outcome;
};

/// What follows a statement.
enum class Then : std::uint8_t {
  commit,  ///< a Sync: its transaction ends
  go_on,   ///< the next statement, in the same transaction
};

/// Sends prepared statements over one open connection in libpq's pipeline mode. Statements up to a Sync are
/// one transaction, and mostly that is one statement. A statement is prepared on first use, in front of its
/// first execution, and the session keeps the 256 that were used last. Nothing but `wait()` blocks: the owner
/// watches `socket()` for reading always, and for writing while `flush()` says so. Used by one thread at a
/// time.
class Pipeline {
 public:
  explicit Pipeline(Connection connection);

  /// Queues one execution, and its Sync unless it is to go on; libpq may already write to the socket. Each
  /// statement has a completion of its own, after its transaction's end: one that is refused, or a commit
  /// that is, makes that error the outcome of all of them. An error means the connection is lost.
  Result<void> send(const Statement& statement, const Params& params, std::uint64_t tag,
                    Then then = Then::commit);

  /// Has PostgreSQL parse a statement and tell its types, without running it: the completion's Rows have no
  /// rows, but what libpq's PQnparams, PQparamtype, PQnfields, PQfname, PQftype and PQfmod give. `types`: of
  /// the parameters; 0 where PostgreSQL is to choose.
  Result<void> describe(const std::string& sql, std::span<const unsigned> types, std::uint64_t tag);

  /// Writes what is buffered. True: some is left, watch the socket for writing too (and keep reading, or both
  /// sides can block).
  Result<bool> flush();

  /// Reads what has arrived and appends every statement whose Sync has come back to `done`, in the order
  /// sent. An error means the connection is lost (or its Syncs no longer match): what is still in flight has
  /// an unknown outcome. `done` is filled with what came back before that, so look at it in either case.
  Result<void> receive(std::vector<Completion>& done);

  /// Blocks until something has arrived or the connection has ended (true: call `receive()`), until more can
  /// be written (only if `or_writable`), or for `timeout`. For an owner that may keep its thread waiting.
  bool wait(std::chrono::milliseconds timeout, bool or_writable) const;

  std::size_t in_flight() const { return in_flight_.size(); }
  int socket() const { return connection_.socket(); }

 private:
  /// What this connection knows of one statement. Those sent before a failed prepare came back share its
  /// error.
  struct Preparation {
    std::string key;   ///< Statement::name
    std::string name;  ///< in the session, short: PostgreSQL tells statements apart by 63 bytes
    std::optional<StatementError> error;
    std::uint64_t used = 0;  ///< when it was last sent, counted in sendings
  };
  struct InFlight {
    std::uint64_t tag;
    std::shared_ptr<Preparation> statement;  ///< null: the session forgets one, and nobody waits for that
    int results;  ///< still to come: its own, and one before it of the prepare in front of it
    Then then = Then::commit;
    std::variant<std::monostate, Rows, StatementError> outcome{};
  };

  Result<void> make_room();
  Result<void> take_results(std::vector<Completion>& done);
  Result<void> take(Rows result, std::vector<Completion>& done);
  std::size_t oldest_transaction() const;
  InFlight& awaited(std::size_t transaction);
  const StatementError* refusal_in(std::size_t transaction) const;
  Result<void> take_error(const Rows& result, std::size_t transaction);
  Result<void> take_aborted(std::size_t transaction);
  Result<void> end_transaction(std::size_t transaction, std::vector<Completion>& done);
  void forget(const Preparation& statement);
  bool more_arrived() const;

  Connection connection_;
  std::unordered_map<std::string, std::shared_ptr<Preparation>> prepared_;
  std::uint64_t sent_ = 0;      ///< statements ever
  std::uint64_t prepares_ = 0;  ///< of these, prepared: the last one's number
  std::deque<InFlight> in_flight_;
};

}  // namespace troupe::postgres
