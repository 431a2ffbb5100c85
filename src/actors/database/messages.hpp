#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "items/item.hpp"
#include "items/list_query.hpp"
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

struct ReadItem {
  CommandHead head;
  std::int64_t id = 0;
};

struct ListItems {
  CommandHead head;
  items::ListQuery query;
};

struct CreateItem {
  CommandHead head;
  items::NewItem item;
};

struct UpdateItem {
  CommandHead head;
  std::int64_t id = 0;
  items::ItemChange change;
};

struct DeleteItem {
  CommandHead head;
  std::int64_t id = 0;
};

/// Asks for one round trip to PostgreSQL and nothing else.
struct Ping {
  CommandHead head;
};

/// Any command. Each alternative is a message of its own: the pool sends what the variant holds.
using Command = std::variant<ReadItem, ListItems, CreateItem, UpdateItem, DeleteItem, Ping>;

inline CommandHead& head_of(Command& command) {
  return std::visit([](auto& typed) -> CommandHead& { return typed.head; }, command);
}

inline const CommandHead& head_of(const Command& command) {
  return std::visit([](const auto& typed) -> const CommandHead& { return typed.head; }, command);
}

/// There is no such item.
struct NotFound {};
/// A DeleteItem or Ping has been carried out.
struct Done {};

/// The command was not carried out, or nobody knows.
struct Failure {
  enum class Kind {
    queue_full,       ///< the chosen database actor's queue is at its limit
    database_away,    ///< no connection to PostgreSQL, or it broke
    deadline_passed,  ///< the command's deadline came first
    rejected,         ///< PostgreSQL refused the values (SQLSTATE classes 22 and 23)
    internal,         ///< PostgreSQL refused the statement: a bug or a changed table; the log has details
  };
  Kind kind = Kind::internal;
  bool outcome_unknown = false;  ///< a write that had been sent: it may have happened
};

using Outcome = std::variant<items::Item, items::ItemPage, Done, NotFound, Failure>;

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

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::ReadItem)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::ListItems)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::CreateItem)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::UpdateItem)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::DeleteItem)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Ping)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Flush)
