#include "sim/users/swarm.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <caf/send.hpp>
#include <iterator>
#include <utility>

#include "sim/users/swarm_actor.hpp"
#include "sim/users/swarm_messages.hpp"

namespace troupe::sim {
namespace {

constexpr auto look_interval = std::chrono::milliseconds(20);

/// A cycle with less concurrency than workers leaves some of them out.
std::size_t part_count(const Plan& plan, std::size_t workers) {
  return plan.model == LoadModel::cycle ? std::min<std::size_t>(workers, plan.most_users) : workers;
}

}  // namespace

Swarm::Swarm(boost::asio::io_context& loop, actors::Runtime& runtime, std::shared_ptr<const Plan> plan,
             const Material& material, Transport& transport, Waterfall* waterfall, Supplies supplies)
    : loop_(loop),
      runtime_(runtime),
      plan_(std::move(plan)),
      variables_(std::move(supplies.variables)),
      limits_{SharedLimit(plan_->scenario->total_iterations), SharedLimit(plan_->stop_after)},
      look_timer_(loop) {
  for (const auto& table : material.tables) {
    auto& book = books_.emplace_back(plan_->scenario->keys);
    for (const auto& key : table.keys) book.add(key);
  }
  if (material.items) {
    for (const auto& key : supplies.items) books_[*material.items].add(key);
  }
  const auto parts = part_count(*plan_, runtime_.workers().size());
  for (std::size_t index = 0; index < parts; ++index) {
    parts_.push_back(std::make_shared<SwarmPart>(runtime_.workers()[index], plan_, material, transport,
                                                 waterfall, books_, variables_, limits_));
  }
}

void Swarm::start(TimePoint start, SwarmEvents events) {
  events_ = std::move(events);
  start_ = start;
  parts_left_ = parts_.size();
  parts_with_users_ = parts_.size();
  const auto unix_now = std::chrono::system_clock::now().time_since_epoch();
  const auto unix_offset = std::chrono::duration_cast<Duration>(unix_now) - start.time_since_epoch();
  for (const auto& part : parts_) part->unix_offset = unix_offset;
  for (std::size_t index = 0; index < parts_.size(); ++index) {
    actors_.push_back(runtime_.system().spawn<SwarmActor>(
        parts_[index], PartPlace{index, parts_.size(), start}, events_of_part()));
  }
  if (plan_->model == LoadModel::cycle) begin_phase(0);
  look();
}

void Swarm::end(bool at_once) {
  for (const auto& actor : actors_) caf::anon_send(actor, EndRun{at_once});
}

std::vector<RowKey> Swarm::cycle_items() const {
  std::vector<RowKey> all;
  for (const auto& part : parts_) {
    std::ranges::copy_if(part->cycle_items, std::back_inserter(all),
                         [](const RowKey& key) { return !key.empty(); });
  }
  return all;
}

Histogram Swarm::timer_lag() const {
  Histogram all;
  for (const auto& part : parts_) all.merge(part->timer_lag);
  return all;
}

FailureSamples Swarm::samples() const {
  FailureSamples all;
  for (const auto& part : parts_) all.merge(part->samples);
  return all;
}

Duration Swarm::users_time() const {
  Duration all{};
  for (const auto& part : parts_) all += part->turns.estimate();
  return all;
}

PartEvents Swarm::events_of_part() {
  return {
      .on_interval =
          [this](Interval interval) {
            boost::asio::post(loop_, [this, interval = std::move(interval)]() mutable {
              on_part_interval(std::move(interval));
            });
          },
      .on_phase_done = [this] { boost::asio::post(loop_, [this] { on_part_phase_done(); }); },
      .on_users_done = [this] { boost::asio::post(loop_, [this] { on_part_users_done(); }); },
      .on_end = [this] { boost::asio::post(loop_, [this] { on_part_end(); }); },
  };
}

// Parts that are ended early end their load at slightly different moments: what they drain is one interval
// all the same, and the last one in front of it may lack a part.
void Swarm::on_part_interval(Interval part) {
  const auto key = part.drained ? Duration::max() : part.begin;
  auto& [merged, parts] = gathered_[key];
  if (parts++ == 0) {
    merged = std::move(part);
  } else {
    merge(merged, part);
  }
  while (!gathered_.empty() && gathered_.begin()->second.parts == parts_.size()) {
    auto whole = std::move(gathered_.begin()->second.merged);
    gathered_.erase(gathered_.begin());
    add_looks(whole);
    events_.on_interval(std::move(whole));
  }
}

void Swarm::look() {
  Look seen{runtime_.workers()[0].timers().now() - start_, 0, 0};
  for (const auto& part : parts_) {
    seen.busy += part->busy_now.load(std::memory_order_relaxed);
    seen.backlog += part->backlog_now.load(std::memory_order_relaxed);
  }
  looks_.push_back(seen);
  look_timer_.expires_after(look_interval);
  // A wait that has come due already is not cancelled any more: it may be told when the swarm is gone.
  look_timer_.async_wait([this, there = std::weak_ptr(there_)](boost::system::error_code ec) {
    if (!ec && !there.expired() && parts_left_ > 0) look();
  });
}

void Swarm::add_looks(Interval& interval) {
  while (!looks_.empty() && looks_.front().when < interval.begin) looks_.pop_front();
  double busy = 0, backlog = 0, count = 0;
  for (; !looks_.empty() && looks_.front().when < interval.end; looks_.pop_front(), ++count) {
    last_look_ = looks_.front();
    busy += static_cast<double>(last_look_.busy);
    backlog += static_cast<double>(last_look_.backlog);
  }
  interval.busy = count > 0 ? busy / count : static_cast<double>(last_look_.busy);
  interval.backlog = count > 0 ? backlog / count : static_cast<double>(last_look_.backlog);
}

void Swarm::begin_phase(std::size_t phase) {
  phase_ = phase;
  parts_in_phase_ = parts_.size();
  for (const auto& actor : actors_) caf::anon_send(actor, BeginPhase{phase});
}

void Swarm::on_part_phase_done() {
  if (--parts_in_phase_ > 0) return;
  events_.on_phase_done(phase_);
  if (phase_ + 1 < plan_->scenario->tasks.size() && !limits_.requests.spent()) return begin_phase(phase_ + 1);
  end(false);
}

void Swarm::on_part_users_done() {
  if (--parts_with_users_ > 0) return;
  events_.on_users_done();
  end(false);
}

void Swarm::on_part_end() {
  if (--parts_left_ > 0) return;
  actors_.clear();
  look_timer_.cancel();
  for (auto& [begin, gathered] : std::exchange(gathered_, {}))
    events_.on_interval(std::move(gathered.merged));
  events_.on_end();
}

}  // namespace troupe::sim
