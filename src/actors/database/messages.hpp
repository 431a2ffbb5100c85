#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "actors/database/list_answer.hpp"
#include "postgres/catalogue/served_resource.hpp"
#include "postgres/queries/served_query.hpp"
#include "postgres/wire/rows.hpp"
#include "schema/list_query.hpp"
#include "support/time.hpp"

// The messages between connection actors (or virtual users) and database actors. They stay inside the
// process, so none of them is serializable.

namespace troupe::actors {

/// What every command carries.
struct CommandHead {
  std::uint64_t ticket = 0;  ///< the sender's number for it; comes back in the Reply
  TimePoint submitted{};     ///< when it was given to the pool
  TimePoint deadline{};      ///< past this the sender gets an answer all the same: Failure::deadline_passed
};

/// What a command wants. Commands of one resource and kind can share a statement.
enum class CommandKind : std::uint8_t {
  read,     ///< one row
  create,   ///< one row or several: all or none
  change,   ///< sets some columns of one row
  replace,  ///< sets all columns of one row
  put,      ///< makes one row, or replaces it
  remove,   ///< one row
  list,
  call,        ///< of a query that only reads
  write_call,  ///< of a query that may write
  ping,        ///< one round trip to PostgreSQL and nothing else; of no resource
};
constexpr std::size_t command_kinds = 10;

/// Any command: values already in PostgreSQL's array-element form, so that a batch is one copy per value.
struct Command {
  CommandHead head;
  CommandKind kind = CommandKind::ping;
  std::uint32_t rows = 1;               ///< how many rows `elements` has: of `create` any number, else one
  postgres::SharedResource resource{};  ///< null of a ping, and of calls
  /// One row after the other, each with an element for every parameter of the kind's statement
  /// (postgres::ResourceStatements). Of a call: an element for each parameter.
  std::string elements{};
  std::shared_ptr<const schema::ListQuery> query{};  ///< of a list
  postgres::SharedQuery called{};                    ///< of a call
};

/// Rows of an answer as they came from PostgreSQL, shared by all who asked for one of them: columns of the
/// resource or query in its order from `first_column` on.
struct RowAnswer {
  std::shared_ptr<const postgres::Rows> rows;
  int row = 0;    ///< the first one
  int count = 1;  ///< of an array of creates, or a call: any number
  int first_column = 0;
  bool made = false;  ///< `put` made the row
};

/// There is no such row, or none of the version that was asked for.
struct NotFound {};
/// A remove or ping has been carried out.
struct Done {};

/// What PostgreSQL says of values that it refused.
struct Refusal {
  std::string message;     ///< primary: it can hold values
  std::string constraint;  ///< its name, or empty
  std::string column;      ///< its name, or empty
  /// The message is a trigger's own, or about a value of the client's: it may be told to who sent that.
  bool for_client = false;
};

/// The command was not carried out, or nobody knows.
struct Failure {
  enum class Kind {
    queue_full,       ///< the chosen database actor's queue is at its limit
    database_away,    ///< no connection to PostgreSQL, or it broke
    deadline_passed,  ///< the command's deadline came first
    busy,             ///< conflict with another transaction, a lock, or no resources: try again
    rejected,         ///< PostgreSQL refused the values: a check, a null, a type, a trigger's own message
    conflict,         ///< with another row: a unique or foreign key
    forbidden,        ///< privileges or row-level security
    internal,         ///< PostgreSQL refused the statement: a bug or a changed table; the log has details
  };
  Kind kind = Kind::internal;
  bool outcome_unknown = false;              ///< a write that had been sent: it may have happened
  std::shared_ptr<const Refusal> refusal{};  ///< what PostgreSQL said; null when it did not
};

using Outcome = std::variant<RowAnswer, std::shared_ptr<const ListAnswer>, Done, NotFound, Failure>;

/// Where a command's time went, as points in time; unset ones are at the epoch.
struct Trace {
  TimePoint submitted{};  ///< given to the pool
  TimePoint received{};   ///< taken from the database actor's mailbox
  TimePoint sent{};       ///< its statement went to PostgreSQL
  TimePoint answered{};   ///< its result was read
};

/// The answer to exactly one command.
struct Reply {
  std::uint64_t ticket = 0;
  Outcome outcome;
  Trace trace;
};

/// A database actor's note to itself: everything before it in the mailbox has been gathered, send it.
struct Flush {};

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Command)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Flush)
