#pragma once

#include <cstddef>
#include <memory>

#include "actors/database/command_queue.hpp"
#include "actors/database/commit_time.hpp"
#include "actors/database/lanes.hpp"
#include "support/time.hpp"

namespace troupe::actors {

/// When the writes that wait in a database actor become a transaction: at once, or where commits take long a
/// little later. Clients who were answered by one commit come back during the next one; without a pause after
/// each, two halves of them would take turns for ever, and each commit would carry a half.
///
///   commit A ──────────┐ answers    ┌── commit of A's and B's clients ──
///   B's writes wait … ─┘ A's come ──┘   mostly a fifth of a commit later
///
/// They may be waited for as long as a commit takes, which who comes in time saves; but only while they do
/// come: after a wait in vain it is a fifth, for more and more commits.
///
/// Pure but for what it tells the pool's LaneState; used by one actor.
class Gathering {
 public:
  /// The part of a commit that others may be waited for when they did not all come the last time.
  static constexpr double share = 0.2;

  /// `most`: the longest wait (DatabaseSettings::gather_max); 0: none. `connections`, `workers`: the pool's.
  Gathering(Duration most, std::shared_ptr<LaneState> state, std::size_t connections, std::size_t workers);

  /// A batch that shares a commit has come back committed; PostgreSQL could begin with it at `began`.
  /// `waiting`: so many commands have gathered meanwhile.
  void committed(const Batch& batch, TimePoint began, TimePoint now, std::size_t waiting);
  /// What is on its way will not come back.
  void lost() { back_ = {}; }

  /// Should `waiting` commands wait for more? Then until `until()`, or until more have come.
  bool waits(TimePoint now, std::size_t waiting);
  TimePoint until() const { return until_; }

 private:
  void judge(bool all_came);

  Duration most_;
  std::shared_ptr<LaneState> state_;
  std::size_t connections_, workers_;
  CommitTime time_;
  struct Back {
    TimePoint began;
    std::size_t batches, rows, commands;
  } back_{};  ///< of the transaction that is coming back
  TimePoint until_{};
  std::size_t expected_ = 0;  ///< all who may come: more than those there is no reason to wait for
  bool judged_ = true;        ///< whether this wait was worth it
  int short_waits_ = 0;       ///< so many are still to come
  int after_failure_ = 1;     ///< so many there will be after the next one in vain
};

}  // namespace troupe::actors
