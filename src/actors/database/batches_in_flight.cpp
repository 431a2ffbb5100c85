#include "actors/database/batches_in_flight.hpp"

#include <utility>

#include "support/invariant.hpp"

namespace troupe::actors {

Batch& BatchesInFlight::add(Batch batch) {
  const auto line = line_of(batch.first());
  if (line >= by_line_.size()) by_line_.resize(line + 1);
  ++by_line_[line];
  batches_.push_back(std::move(batch));
  return batches_.back();
}

Batch BatchesInFlight::take_oldest() {
  TROUPE_INVARIANT(!batches_.empty(), "a statement came back that was never sent");
  auto batch = std::move(batches_.front());
  batches_.pop_front();
  --by_line_[line_of(batch.first())];
  return batch;
}

std::deque<Batch> BatchesInFlight::take_all() {
  by_line_.clear();
  return std::exchange(batches_, {});
}

}  // namespace troupe::actors
