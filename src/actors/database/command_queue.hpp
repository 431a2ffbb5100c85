#pragma once

#include <caf/actor_control_block.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "actors/database/messages.hpp"
#include "postgres/catalogue/list_statement.hpp"

namespace troupe::actors {

/// A command that waits in a database actor or is on its way to PostgreSQL.
struct Pending {
  Command command;
  caf::strong_actor_ptr sender;  ///< null once it has been answered
  TimePoint received{};
  bool retried = false;  ///< a read that was in flight when a connection broke; it gets no third chance
};

/// The row of statements that a command belongs to: one for each kind of each resource. Counted from 0.
std::size_t line_of(const Command& command);
/// The elements of the key that a command names, as bytes: not of a create, list or ping.
std::string_view key_of(const Command& command);
/// The elements of the masks of a change, as bytes: which columns it names.
std::string_view masks_of(const Command& change);
/// Do both want the same rows of the same resource?
bool is_same_list(const Command& list, const Command& other);
/// A command whose work nobody knows beforehand: single rows do not wait behind it if there is another way.
bool may_be_long(CommandKind kind);
/// A call that shares no statement with others.
bool is_lone_call(const Command& command);
/// A command that changes the table: when its connection breaks, its outcome is unknown.
bool is_write(CommandKind kind);

/// Commands that go to PostgreSQL as one statement: one transaction. Never empty, all of one line.
struct Batch {
  std::vector<Pending> commands;
  TimePoint sent{};
  std::optional<postgres::ListStatement> list{};  ///< of a list, once it was sent: how its answer is read

  const Command& first() const { return commands.front().command; }
  CommandKind kind() const { return first().kind; }
  std::size_t rows() const;
  /// Calls that are all the same one, so that each has all of the answer.
  bool is_one_call() const;
};

/// Whether a statement may be sent now that begins with this command.
using MayGo = std::function<bool(const Command& first)>;

/// What a database actor has gathered and not yet sent. Pure bookkeeping, used by one actor.
class CommandQueue {
 public:
  /// `max_batch`: rows of one statement; 1 turns coalescing off.
  explicit CommandQueue(std::size_t max_batch) : max_batch_(max_batch) {}

  void add(Pending pending);
  /// A command whose batch failed: it goes next, and alone, so that one bad row never fails its neighbours.
  void add_alone(Pending pending) { alone_.push_back(std::move(pending)); }

  /// The next statement's commands, or nothing when there are none that may go. Lists and calls that read
  /// come last: none is sent in front of single-row commands, until 64 statements have passed it.
  std::optional<Batch> take(const MayGo& may_go);

  /// Removes and returns every command whose deadline is at or before `now`.
  std::vector<Pending> take_expired(TimePoint now);
  /// Removes and returns everything.
  std::vector<Pending> take_all();

  std::size_t size() const;

 private:
  std::optional<Batch> take_from(std::deque<std::size_t>& turns, const MayGo& may_go);
  Batch take_line(std::deque<Pending>& line);

  std::size_t max_batch_;
  std::vector<std::deque<Pending>> lines_;
  std::deque<std::size_t> turns_;  ///< lines of single-row commands that have some, in turn: none starves
  std::deque<std::size_t> long_turns_;  ///< the same of lists and calls
  std::deque<Pending> alone_;
  std::size_t passed_long_ = 0;  ///< single-row statements taken while a list or call waited
};

}  // namespace troupe::actors
