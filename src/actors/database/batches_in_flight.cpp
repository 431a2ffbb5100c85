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
    ++lists_;
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
  if (batch.kind() == CommandKind::list) {
    --lists_;
    list_time_ += (now - std::max(batch.sent, last_completion_) - list_time_) / weight;
  }
  last_completion_ = now;
  return batch;
}

std::deque<Batch> BatchesInFlight::take_all() {
  by_line_.clear();
  lists_ = 0;
  return std::exchange(batches_, {});
}

bool BatchesInFlight::has_room_for(const Command& command) const {
  const auto line = line_of(command);
  if (line >= by_line_.size() || by_line_[line] == 0) return true;
  return command.kind == CommandKind::list && has_room_for_list(command);
}

bool BatchesInFlight::has_room_for_list(const Command& list) const {
  if (lists_in_a_row_ < enough_lists) return false;
  if (static_cast<Duration::rep>(lists_ + 1) * list_time_ > time_for_lists) return false;
  return std::ranges::none_of(batches_, [&](const Batch& batch) {
    return batch.kind() == CommandKind::list && is_same_list(batch.first(), list);
  });
}

}  // namespace troupe::actors
