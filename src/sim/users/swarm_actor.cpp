#include "sim/users/swarm_actor.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <utility>

#include "sim/users/swarm_messages.hpp"
#include "sim/users/virtual_user.hpp"

namespace troupe::sim {
namespace {

constexpr auto pace_interval = std::chrono::milliseconds(10);
// Users spawned or arrivals fired in one turn; then sockets and others get theirs.
constexpr unsigned most_per_slice = 500;
constexpr auto late_check_interval = std::chrono::milliseconds(20);
// How long an interrupted run waits for answers.
constexpr auto grace = std::chrono::milliseconds(250);

}  // namespace

SwarmActor::SwarmActor(caf::actor_config& config, std::shared_ptr<SwarmPart> part, PartPlace place,
                       PartEvents events)
    : PinnedActor(config, part->worker, true),
      part_(std::move(part)),
      place_(place),
      events_(std::move(events)),
      arrivals_(part_->plan->profile, part_->plan->arrivals, part_->plan->seed, place.index, place.parts),
      dropped_task_(part_->plan->seed, RandomStream::dropped_task, place.index) {}

caf::behavior SwarmActor::make_behavior() {
  part_->actor = caf::actor_cast<caf::actor>(this);
  if (part_->plan->model == LoadModel::open) next_arrival_ = arrivals_.next();
  if (part_->plan->model == LoadModel::cycle) {
    while (users_.size() < own_share(part_->plan->most_users)) spawn_user();
  } else {
    call_at(place_.start, pace_token);
  }
  part_->recorder.begin(place_.start, edges_of(*part_->plan));
  call_at(part_->recorder.next_end(), interval_token);
  next_late_check_ = place_.start + late_check_interval;
  call_at(next_late_check_, late_check_token);
  return {
      [this](const actors::TimerTick& tick) { on_tick(tick.token); },
      [this](const BeginPhase& message) { begin_phase(message.phase); },
      [this](PhaseDone) { events_.on_phase_done(); },
      [this](const EndRun& message) { end(message.at_once); },
      [this](PartEmpty) {
        if (ending_ && part_->alive == 0) leave();
        tell_if_users_done();
      },
  };
}

void SwarmActor::call_at(TimePoint when, Token token) {
  home().timers().call_at(when, caf::actor_cast<caf::actor>(this), token);
}

void SwarmActor::on_tick(std::uint64_t token) {
  switch (token) {
    case pace_token:
      return pace();
    case interval_token:
      return hand_over();
    case late_check_token:
      return give_up_late_requests();
    default:
      part_->discarding = true;  // the next check gives up everything
  }
}

// ---- users and arrivals

void SwarmActor::pace() {
  if (ending_) return;
  part_->plan->model == LoadModel::open ? pace_arrivals() : pace_users();
}

void SwarmActor::pace_users() {
  const auto time = now();
  const auto wanted = users_wanted(part_->plan->profile, time - place_.start);
  if (wanted.stop) return end(false);
  // Whom nothing is left for need not come.
  const auto share = part_->limits.requests.spent() ? users_.size() : own_share(wanted.users);
  for (unsigned i = 0; i < most_per_slice && users_.size() < share; ++i) spawn_user();
  while (users_.size() > share) {
    caf::anon_send(users_.back(), actors::Stop{});
    users_.pop_back();
  }
  const auto over = place_.start + part_->plan->profile.length();
  call_at(users_.size() < share ? time : std::min<TimePoint>(time + pace_interval, over), pace_token);
  tell_if_users_done();
}

void SwarmActor::pace_arrivals() {
  const auto elapsed = now() - place_.start;
  if (part_->limits.requests.spent()) return;  // what is due from here on is no part of the load
  for (unsigned i = 0; i < most_per_slice && !next_arrival_.stop && next_arrival_.at <= elapsed; ++i) {
    arrive(place_.start + next_arrival_.at);
    next_arrival_ = arrivals_.next();
  }
  if (next_arrival_.stop && elapsed >= part_->plan->profile.length()) return end(false);
  call_at(place_.start + next_arrival_.at, pace_token);
}

void SwarmActor::arrive(TimePoint intended) {
  if (part_->idle.empty()) {
    if (users_.size() >= own_share(part_->plan->most_users)) {
      if (part_->backlog.size() < own_share(part_->plan->max_backlog)) {
        part_->backlog.push_back(intended);
        return part_->backlog_now.store(part_->backlog.size(), std::memory_order_relaxed);
      }
      part_->recorder.record_dropped(part_->scenario.pick_task(dropped_task_), intended);
      return;
    }
    spawn_user();
    caf::anon_send(users_.back(), Begin{intended});
    return;
  }
  auto* user = part_->idle.back();
  part_->idle.pop_back();
  caf::anon_send(caf::actor_cast<caf::actor>(user), Begin{intended});
}

void SwarmActor::spawn_user() {
  // Numbered as if the parts took turns, so that a user's choices do not depend on the number of workers.
  const auto number = spawned_++ * place_.parts + place_.index;
  users_.push_back(home_system().spawn<VirtualUser>(std::ref(*part_), number));
}

void SwarmActor::begin_phase(std::size_t phase) {
  auto& items = part_->cycle_items;
  if (items.empty()) items.resize(own_share(part_->scenario.cycle->items));
  part_->jobs = {phase, 0, users_.size()};
  if (users_.empty()) return events_.on_phase_done();
  for (const auto& user : users_) caf::anon_send(user, Begin{now()});
}

// ---- intervals, deadlines, the end

void SwarmActor::hand_over() {
  if (left_) return;
  // They leave at the end of the load, some before its last interval is handed over.
  tell(part_->recorder.take_until(now(), ending_ ? users_.size() : part_->alive));
  if (part_->recorder.next_end() != TimePoint::max()) call_at(part_->recorder.next_end(), interval_token);
}

void SwarmActor::tell(std::vector<Interval> intervals) {
  for (auto& interval : intervals) events_.on_interval(std::move(interval));
}

void SwarmActor::give_up_late_requests() {
  const auto time = now();
  const auto latest = time - part_->plan->timeout;
  if (time - place_.start > part_->plan->ramp) part_->timer_lag.record(time - next_late_check_);
  for (auto& user : part_->busy) {  // oldest first
    if (!part_->discarding && user.started() > latest) break;
    caf::anon_send(caf::actor_cast<caf::actor>(&user), GiveUp{user.ticket()});
  }
  next_late_check_ = time + late_check_interval;
  call_at(next_late_check_, late_check_token);
  if (part_->limits.requests.spent() && !std::exchange(dismissed_, true)) dismiss_users();
}

/// Those that wait for something else than an answer would not know for a long time that they need not.
void SwarmActor::dismiss_users() {
  if (ending_ || part_->plan->model == LoadModel::cycle) return;
  for (const auto& user : users_) caf::anon_send(user, actors::Stop{});
  tell_if_users_done();
}

void SwarmActor::end(bool at_once) {
  if (at_once) call_at(now() + grace, grace_token);
  if (ending_) return;
  ending_ = true;
  part_->load_over = true;
  part_->recorder.end_load(now());
  for (const auto intended : std::exchange(part_->backlog, {})) {  // nobody sends them any more
    part_->recorder.record_unfinished(part_->scenario.pick_task(dropped_task_), intended, std::nullopt);
  }
  for (const auto& user : users_) caf::anon_send(user, actors::Stop{});
  if (part_->alive == 0) leave();
}

/// Users can run out of iterations, of requests or of data.
void SwarmActor::tell_if_users_done() {
  if (ending_ || told_users_done_ || part_->alive > 0 || part_->plan->model == LoadModel::cycle) return;
  const bool nobody_comes =
      part_->plan->model == LoadModel::closed && part_->done >= own_share(users_at_most(*part_->plan));
  if (!nobody_comes && !part_->limits.iterations.spent() && !part_->limits.requests.spent()) return;
  told_users_done_ = true;
  events_.on_users_done();
}

void SwarmActor::leave() {
  if (std::exchange(left_, true)) return;
  tell(part_->recorder.take_rest(users_.size()));
  users_.clear();
  part_->actor = nullptr;  // an actor that holds itself would never go
  events_.on_end();
  quit();
}

}  // namespace troupe::sim
