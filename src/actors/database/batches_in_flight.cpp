#include "actors/database/batches_in_flight.hpp"

#include <algorithm>
#include <utility>

#include "support/invariant.hpp"

namespace troupe::actors {

namespace {

// What all lists and lone calls in flight may keep a connection busy for, if they are more than one.
constexpr Duration time_for_long = std::chrono::milliseconds(1);
// So many of them without a single-row command between them, and nobody is there who would wait behind them.
constexpr std::size_t enough_long = 32;
// The part that a new figure has in the moving mean.
constexpr int weight = 8;

}  // namespace

BatchesInFlight::BatchesInFlight() : long_time_(time_for_long) {}

Batch& BatchesInFlight::add(Batch batch) {
  const auto line = line_of(batch.first());
  if (line >= by_line_.size()) by_line_.resize(line + 1);
  ++by_line_[line];
  if (shares_commit(batch.first())) ++sharing_;
  if (may_be_long(batch.kind())) {
    ++long_in_a_row_;
  } else if (batch.kind() != CommandKind::ping) {
    long_in_a_row_ = 0;
  }
  batches_.push_back(std::move(batch));
  return batches_.back();
}

const Batch& BatchesInFlight::oldest() const {
  TROUPE_INVARIANT(!batches_.empty(), "a statement came back that was never sent");
  return batches_.front();
}

Batch& BatchesInFlight::begin_answering(TimePoint now) {
  const auto& batch = oldest();
  --by_line_[line_of(batch.first())];
  if (shares_commit(batch.first())) --sharing_;
  if (may_be_long(batch.kind())) long_time_ += (now - began() - long_time_) / weight;
  last_completion_ = now;
  answering_ = std::move(batches_.front());
  batches_.pop_front();
  return answering_;
}

std::deque<Batch> BatchesInFlight::take_all() {
  by_line_.clear();
  sharing_ = 0;
  auto all = std::exchange(batches_, {});
  if (!answering_.commands.empty()) all.push_front(std::exchange(answering_, {}));
  return all;
}

bool BatchesInFlight::has_room_for(const Command& command, TimePoint now) const {
  if (shares_commit(command)) return sharing_ == 0;
  const auto line = line_of(command);
  if (line >= by_line_.size() || by_line_[line] == 0) return true;
  if (command.kind == CommandKind::write_call) return true;
  const bool gathers_nothing = command.kind == CommandKind::list || is_lone_call(command);
  return gathers_nothing && has_room_for_long(command, now);
}

bool BatchesInFlight::has_room_for_long(const Command& command, TimePoint now) const {
  if (long_in_a_row_ < enough_long) return false;
  // One that has been running for longer than they used to take tells more than those before it.
  const bool running = !batches_.empty() && may_be_long(batches_.front().kind());
  Duration time = running ? std::max(long_time_, now - began()) : long_time_;
  for (const auto& batch : batches_) {
    if (!may_be_long(batch.kind())) continue;
    const bool both_lists = batch.kind() == CommandKind::list && command.kind == CommandKind::list;
    if (both_lists && is_same_list(batch.first(), command)) return false;
    time += long_time_;
  }
  return time <= time_for_long;
}

}  // namespace troupe::actors
