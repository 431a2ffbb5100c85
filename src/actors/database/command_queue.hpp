#pragma once

#include <boost/container/deque.hpp>
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
  bool retried = false;      ///< a read that was in flight when a connection broke; it gets no third chance
  bool rolled_back = false;  ///< its transaction was, for no fault of its own (class 40); not again
  bool waits_for_lock = false;  ///< somebody else holds its row for long: it may wait, since it is alone
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

/// A write that shares its commit with other kinds and resources: their statements are one transaction.
bool shares_commit(const Command& command);

/// Do different bytes name different rows? Else two keys can be equal to PostgreSQL: 1.0 and 1.00, or
/// whatever a collation says.
bool tells_rows_by_bytes(const schema::Resource& resource);

/// Commands that go to PostgreSQL as one statement. Never empty, all of one line.
struct Batch {
  std::vector<Pending> commands;
  TimePoint sent{};
  Duration server_limit{};  ///< PostgreSQL gives its transaction up after so long by itself
  std::size_t of = 1;       ///< how many batches its transaction has
  std::optional<postgres::ListStatement> list{};  ///< of a list, once it was sent: how its answer is read

  const Command& first() const { return commands.front().command; }
  CommandKind kind() const { return first().kind; }
  std::size_t rows() const;
  /// Calls that are all the same one, so that each has all of the answer.
  bool is_one_call() const;
};

/// The batches of one transaction, in the order of their statements.
using Transaction = std::vector<Batch>;

/// Whether a statement may be sent now that begins with this command.
using MayGo = std::function<bool(const Command& first)>;

/// What a database actor has gathered and not yet sent. Pure bookkeeping, used by one actor.
class CommandQueue {
 public:
  /// `max_batch`: rows of one statement; 1 turns coalescing off. `shared_commits`: writes of all kinds that
  /// wait together are one transaction, and of the reads of one line one statement is taken at a time.
  CommandQueue(std::size_t max_batch, bool shared_commits)
      : max_batch_(max_batch), shared_commits_(shared_commits) {}

  void add(Pending pending);
  /// Commands whose transaction was refused: they go next, and are one of their own, so that one bad row
  /// never fails its neighbours.
  void add_apart(Batch batch) { apart_.push_back(std::move(batch)); }

  /// Puts the next transaction into `next` (which is overwritten), of `most` statements at most where they
  /// read single rows; or leaves it empty when there is none that may go. Lists and calls that read come
  /// last: none is sent in front of single-row commands, until 64 statements have passed it.
  void take(const MayGo& may_go, std::size_t most, Transaction& next);

  /// Removes and returns every command whose deadline is at or before `now`.
  std::vector<Pending> take_expired(TimePoint now);
  /// Removes and returns every command for which this holds.
  std::vector<Pending> take_if(const std::function<bool(const Pending&)>& holds);
  /// Removes and returns everything.
  std::vector<Pending> take_all();

  std::size_t size() const;
  /// How many commands wait that share a commit.
  std::size_t sharing() const;

 private:
  /// The keys of a transaction's batches so far, and which batch has them.
  struct Keys;

  /// In blocks of 32: the standard's hold two, and each is an allocation.
  using Line =
      boost::container::deque<Pending, void,
                              boost::container::deque_options<boost::container::block_size<32>>::type>;

  bool take_from(std::deque<std::size_t>& turns, const MayGo& may_go, std::size_t most, Transaction& next);
  void take_all_that_share(Transaction& next);
  void take_reads(const MayGo& may_go, std::size_t most, Transaction& next);
  Batch take_line(Line& line, Keys* keys);

  std::size_t max_batch_;
  bool shared_commits_;
  std::vector<Line> lines_;
  std::deque<std::size_t> turns_;  ///< lines of single-row commands that have some, in turn: none starves
  std::deque<std::size_t> long_turns_;  ///< the same of lists and calls
  std::vector<std::size_t> had_turn_;   ///< of `take_reads`
  std::deque<Batch> apart_;
  std::size_t passed_long_ = 0;  ///< single-row statements taken while a list or call waited
};

}  // namespace troupe::actors
