#pragma once

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
  const LineCounts& by_line() const { return by_line_; }

  auto begin() { return batches_.begin(); }
  auto end() { return batches_.end(); }

 private:
  std::deque<Batch> batches_;
  LineCounts by_line_;
};

}  // namespace troupe::actors
