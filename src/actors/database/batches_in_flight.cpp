#include "actors/database/batches_in_flight.hpp"

#include <utility>

#include "support/invariant.hpp"

namespace troupe::actors {

Batch& BatchesInFlight::add(Batch batch) {
  batches_.push_back(std::move(batch));
  ++count_by_kind_[static_cast<std::size_t>(batches_.back().kind)];
  return batches_.back();
}

Batch BatchesInFlight::take_oldest() {
  TROUPE_INVARIANT(!batches_.empty(), "a statement came back that was never sent");
  auto batch = std::move(batches_.front());
  batches_.pop_front();
  --count_by_kind_[static_cast<std::size_t>(batch.kind)];
  return batch;
}

std::deque<Batch> BatchesInFlight::take_all() {
  count_by_kind_ = {};
  return std::exchange(batches_, {});
}

KindSet BatchesInFlight::absent_kinds() const {
  KindSet absent;
  for (std::size_t kind = 0; kind < batch_kinds; ++kind) absent[kind] = count_by_kind_[kind] == 0;
  return absent;
}

}  // namespace troupe::actors
