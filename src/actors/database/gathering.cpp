#include "actors/database/gathering.hpp"

#include <algorithm>
#include <utility>

namespace troupe::actors {

namespace {

// Below it a pause costs more than it brings: a fifth of this is what a turn of the worker takes.
constexpr Duration quick_commit = std::chrono::milliseconds(1);

}  // namespace

Gathering::Gathering(Duration most, std::shared_ptr<LaneState> state, std::size_t connections,
                     std::size_t workers)
    : most_(most), state_(std::move(state)), connections_(connections), workers_(workers) {}

void Gathering::committed(const Batch& batch, TimePoint began, TimePoint now, std::size_t waiting) {
  if (back_.batches == 0) back_.began = began;
  back_.rows += batch.rows();
  back_.commands += batch.commands.size();
  if (++back_.batches < batch.of) return;
  time_.add(back_.rows, now - back_.began);
  const auto commit = time_.commit();
  const auto pause =
      commit < quick_commit ? Duration{} : std::min(most_, from_seconds(to_seconds(commit) * share));
  until_ = now + pause;
  expected_ = back_.commands + waiting;
  back_ = {};
  if (state_) state_->learn(time_, pause, connections_, workers_);
}

}  // namespace troupe::actors
