#include "actors/database/gathering.hpp"

#include <algorithm>
#include <utility>

namespace troupe::actors {

namespace {

// Below it a pause costs more than it brings: a fifth of this is what a turn of the worker takes.
constexpr Duration quick_commit = std::chrono::milliseconds(1);

constexpr int most_short_waits = 64;

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
  const auto part = short_waits_ > 0 ? share : 1.0;
  const auto pause =
      commit < quick_commit ? Duration{} : std::min(most_, from_seconds(to_seconds(commit) * part));
  until_ = now + pause;
  judged_ = pause == Duration{};
  expected_ = back_.commands + waiting;
  back_ = {};
  if (state_) state_->learn(time_, pause, connections_, workers_);
}

bool Gathering::waits(TimePoint now, std::size_t waiting) {
  const bool all_came = waiting >= expected_;
  if (!all_came && now < until_) return true;
  if (!std::exchange(judged_, true)) judge(all_came);
  return false;
}

void Gathering::judge(bool all_came) {
  if (short_waits_ > 0) {
    --short_waits_;
  } else if (all_came) {
    after_failure_ = 1;
  } else {
    short_waits_ = after_failure_;
    after_failure_ = std::min(2 * after_failure_, most_short_waits);
  }
}

}  // namespace troupe::actors
