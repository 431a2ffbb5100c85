#pragma once

#include <array>
#include <caf/actor_control_block.hpp>
#include <deque>
#include <optional>
#include <vector>

#include "actors/database/messages.hpp"

namespace troupe::actors {

/// A command that waits in a database actor or is on its way to PostgreSQL.
struct Pending {
  Command command;
  caf::strong_actor_ptr sender;  ///< null once it has been answered
  TimePoint received{};
  bool retried = false;  ///< a read that was in flight when a connection broke; it gets no third chance
};

/// The kinds of statement; commands of one kind can share one.
enum class BatchKind { read, create, update, delete_, ping, list };
constexpr std::size_t batch_kinds = 6;

/// Kinds, by BatchKind.
using KindSet = std::array<bool, batch_kinds>;

/// The kind of statement that carries out `command`.
BatchKind kind_of(const Command& command);
/// The id that `command` names: a ReadItem, UpdateItem or DeleteItem.
std::int64_t id_of(const Command& command);
/// A command that changes the table: when its connection breaks, its outcome is unknown.
bool is_write(BatchKind kind);

/// Commands that go to PostgreSQL as one statement: one transaction. Never empty.
struct Batch {
  BatchKind kind = BatchKind::read;
  std::vector<Pending> commands;
  TimePoint sent{};
};

/// What a database actor has gathered and not yet sent. Pure bookkeeping, used by one actor.
class CommandQueue {
 public:
  /// `max_batch` 1 turns coalescing off.
  explicit CommandQueue(std::size_t max_batch) : max_batch_(max_batch) {}

  void add(Pending pending);
  /// A write whose batch failed: it goes next, and alone, so that one bad row never fails its neighbours.
  void add_alone(Pending pending) { alone_.push_back(std::move(pending)); }

  /// The next statement's commands, or nothing when there are none of an `open` kind. Lists come last: none
  /// is sent in front of single-row commands, until 64 statements have passed it.
  std::optional<Batch> take(const KindSet& open);

  /// Removes and returns every command whose deadline is at or before `now`.
  std::vector<Pending> take_expired(TimePoint now);
  /// Removes and returns everything.
  std::vector<Pending> take_all();

  std::size_t size() const;

 private:
  Batch take_kind(BatchKind kind);
  Batch take_list();

  std::size_t max_batch_;
  std::deque<Pending> waiting_[batch_kinds];
  std::deque<Pending> alone_;
  std::size_t passed_lists_ = 0;  ///< single-row statements taken while a list waited
  std::size_t next_kind_ = 0;     ///< rotates over the single-row kinds, so that none starves
};

}  // namespace troupe::actors
