#pragma once

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
  /// Takes out the oldest: its completion has come `now`.
  Batch take_oldest(TimePoint now);
  /// Takes out all: no completion will come.
  std::deque<Batch> take_all();

  bool empty() const { return batches_.empty(); }
  std::size_t size() const { return batches_.size(); }
  /// Would a statement that begins with this command gain nothing by waiting for more? One of each line is
  /// in flight; of lists, which share nothing unless they are equal, as many as are answered in a
  /// millisecond, once nothing but lists has come for a while: single rows would wait behind them.
  bool has_room_for(const Command& command) const;

  auto begin() { return batches_.begin(); }
  auto end() { return batches_.end(); }

 private:
  bool has_room_for_list(const Command& list) const;

  std::deque<Batch> batches_;
  std::vector<std::size_t> by_line_;  ///< how many of each line; absent ones at the end are 0
  std::size_t lists_in_a_row_ = 0;    ///< sent since the last single-row command
  TimePoint last_completion_{};
  Duration list_time_;  ///< what a list keeps the connection busy for, a moving mean
};

}  // namespace troupe::actors
