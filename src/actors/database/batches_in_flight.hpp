#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <vector>

#include "actors/database/command_queue.hpp"

namespace troupe::actors {

/// The batches that one connection was given and has not answered yet, in the order sent, which is the order
/// of completions. Pure bookkeeping, used by one actor.
class BatchesInFlight {
 public:
  BatchesInFlight();

  /// Adds what is about to be sent; the reference holds until it is taken out again.
  Batch& add(Batch batch);
  /// The one whose completion comes next; there must be one.
  const Batch& oldest() const;
  /// When PostgreSQL could begin with it: it has nothing older to do.
  TimePoint began() const { return std::max(oldest().sent, last_completion_); }
  /// The oldest is in flight no more: its completion has come `now`. It stays here until `answered()`, so
  /// that whatever happens meanwhile its commands are not forgotten.
  Batch& begin_answering(TimePoint now);
  void answered() { answering_.commands.clear(); }
  /// Takes out all, also what was being answered: no completion will come.
  std::deque<Batch> take_all();

  bool empty() const { return batches_.empty(); }
  std::size_t size() const { return batches_.size(); }
  /// Would a statement that begins with this command gain nothing by waiting for more? One of each line is
  /// in flight; of what shares nothing (lists unless they are equal, calls of queries that are not coalesced)
  /// as many as are answered in a millisecond, once nothing else has come for a while: single rows would wait
  /// behind them. Of writes that share commits there is one transaction in flight. Calls that write share
  /// nothing either, and nothing is known to gain by their waiting.
  bool has_room_for(const Command& command, TimePoint now) const;

  auto begin() { return batches_.begin(); }
  auto end() { return batches_.end(); }

 private:
  bool has_room_for_long(const Command& command, TimePoint now) const;

  std::deque<Batch> batches_;
  Batch answering_;
  std::vector<std::size_t> by_line_;  ///< how many of each line; absent ones at the end are 0
  std::size_t sharing_ = 0;           ///< batches whose writes share commits
  std::size_t long_in_a_row_ = 0;     ///< sent since the last single-row command
  TimePoint last_completion_{};
  Duration long_time_;  ///< what a list or call keeps the connection busy for, a moving mean
};

}  // namespace troupe::actors
