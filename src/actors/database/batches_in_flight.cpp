#include "actors/database/batches_in_flight.hpp"

#include <algorithm>
#include <utility>

#include "support/invariant.hpp"

namespace troupe::actors {

namespace {

// What all lists in flight may keep a connection busy for, if they are more than one.
constexpr Duration time_for_lists = std::chrono::milliseconds(1);
// So many lists without a single-row command between them, and nobody is there who would wait behind them.
constexpr std::size_t enough_lists = 32;
// The part that a new figure has in the moving mean.
constexpr int weight = 8;

}  // namespace

BatchesInFlight::BatchesInFlight() : list_time_(time_for_lists) {}

Batch& BatchesInFlight::add(Batch batch) {
  const auto line = line_of(batch.first());
  if (line >= by_line_.size()) by_line_.resize(line + 1);
  ++by_line_[line];
  if (batch.kind() == CommandKind::list) {
    ++lists_in_a_row_;
  } else if (batch.kind() != CommandKind::ping) {
    lists_in_a_row_ = 0;
  }
  batches_.push_back(std::move(batch));
  return batches_.back();
}

Batch BatchesInFlight::take_oldest(TimePoint now) {
  TROUPE_INVARIANT(!batches_.empty(), "a statement came back that was never sent");
  auto batch = std::move(batches_.front());
  batches_.pop_front();
  --by_line_[line_of(batch.first())];
  if (batch.kind() == CommandKind::list)
    list_time_ += (now - std::max(batch.sent, last_completion_) - list_time_) / weight;
  last_completion_ = now;
  return batch;
}

std::deque<Batch> BatchesInFlight::take_all() {
  by_line_.clear();
  return std::exchange(batches_, {});
}

bool BatchesInFlight::has_room_for(const Command& command) const {
  const auto line = line_of(command);
  if (line >= by_line_.size() || by_line_[line] == 0) return true;
  return command.kind == CommandKind::list && has_room_for_list(command);
}

bool BatchesInFlight::has_room_for_list(const Command& list) const {
  if (lists_in_a_row_ < enough_lists) return false;
  Duration time = list_time_;
  for (const auto& batch : batches_) {
    if (batch.kind() != CommandKind::list) continue;
    if (is_same_list(batch.first(), list)) return false;
    time += list_time_;
  }
  return time <= time_for_lists;
}

}  // namespace troupe::actors
