#pragma once

#include <array>
#include <deque>

#include "actors/database/command_queue.hpp"

namespace troupe::actors {

/// The batches that one connection was given and has not answered yet, in the order sent, which is the order
/// of completions. Pure bookkeeping, used by one actor.
class BatchesInFlight {
 public:
  /// Adds what is about to be sent; the reference holds until it is taken out again.
  Batch& add(Batch batch);
  /// Takes out the oldest: its completion has come.
  Batch take_oldest();
  /// Takes out all: no completion will come.
  std::deque<Batch> take_all();

  bool empty() const { return batches_.empty(); }
  std::size_t size() const { return batches_.size(); }
  /// The kinds of which nothing is in flight.
  KindSet absent_kinds() const;

  auto begin() { return batches_.begin(); }
  auto end() { return batches_.end(); }

 private:
  std::deque<Batch> batches_;
  std::array<std::size_t, batch_kinds> count_by_kind_{};
};

}  // namespace troupe::actors
