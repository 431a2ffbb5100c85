#include "sim/users/swarm.hpp"

#include <boost/asio/post.hpp>
#include <caf/send.hpp>
#include <utility>

#include "sim/users/swarm_actor.hpp"
#include "sim/users/swarm_messages.hpp"

namespace troupe::sim {
namespace {

std::optional<std::size_t> first_create(const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
    if (scenario.tasks[i].operation == Operation::create) return i;
  }
  return std::nullopt;
}

/// A cycle with less concurrency than workers leaves some of them out.
std::size_t part_count(const Plan& plan, std::size_t workers) {
  return plan.model == LoadModel::cycle ? std::min<std::size_t>(workers, plan.most_users) : workers;
}

}  // namespace

Swarm::Swarm(boost::asio::io_context& loop, actors::Runtime& runtime, std::shared_ptr<const Plan> plan,
             Transport& transport, Waterfall* waterfall, const std::vector<std::int64_t>& items)
    : loop_(loop), runtime_(runtime), plan_(std::move(plan)) {
  const auto parts = part_count(*plan_, runtime_.workers().size());
  for (std::size_t index = 0; index < parts; ++index) {
    auto part = std::make_shared<SwarmPart>(runtime_.workers()[index], plan_, transport, waterfall);
    part->create_task = first_create(*plan_->scenario);
    for (std::size_t i = index; i < items.size(); i += parts) part->items.push_back(items[i]);
    parts_.push_back(std::move(part));
  }
}

void Swarm::start(TimePoint start, SwarmEvents events) {
  events_ = std::move(events);
  parts_left_ = parts_.size();
  for (std::size_t index = 0; index < parts_.size(); ++index) {
    actors_.push_back(runtime_.system().spawn<SwarmActor>(
        parts_[index], PartPlace{index, parts_.size(), start}, events_of_part()));
  }
  if (plan_->model == LoadModel::cycle) begin_phase(0);
}

void Swarm::end(bool at_once) {
  for (const auto& actor : actors_) caf::anon_send(actor, EndRun{at_once});
}

std::vector<std::int64_t> Swarm::items() const {
  std::vector<std::int64_t> all;
  for (const auto& part : parts_) {
    for (const auto id : part->items) {
      if (id != 0) all.push_back(id);
    }
  }
  return all;
}

Histogram Swarm::timer_lag() const {
  Histogram all;
  for (const auto& part : parts_) all.merge(part->timer_lag);
  return all;
}

LastAnswers Swarm::last_answers() const {
  LastAnswers all;
  for (const auto& part : parts_) {
    all.good += part->last_answers.good;
    all.failed += part->last_answers.failed;
    all.beyond += part->last_answers.beyond;
  }
  return all;
}

PartEvents Swarm::events_of_part() {
  return {
      .on_second =
          [this](Interval second) {
            boost::asio::post(
                loop_, [this, second = std::move(second)]() mutable { on_part_second(std::move(second)); });
          },
      .on_phase_done = [this] { boost::asio::post(loop_, [this] { on_part_phase_done(); }); },
      .on_end = [this] { boost::asio::post(loop_, [this] { on_part_end(); }); },
  };
}

void Swarm::on_part_second(Interval part) {
  auto& second = seconds_[part.second];
  second.merged.second = part.second;
  merge(second.merged, part);
  ++second.parts;
  while (!seconds_.empty() && seconds_.begin()->second.parts == parts_.size()) {
    auto whole = std::move(seconds_.begin()->second.merged);
    seconds_.erase(seconds_.begin());
    events_.on_second(std::move(whole));
  }
}

void Swarm::begin_phase(std::size_t phase) {
  phase_ = phase;
  parts_in_phase_ = parts_.size();
  for (const auto& actor : actors_) caf::anon_send(actor, BeginPhase{phase});
}

void Swarm::on_part_phase_done() {
  if (--parts_in_phase_ > 0) return;
  events_.on_phase_done(phase_);
  if (phase_ + 1 < plan_->scenario->tasks.size()) return begin_phase(phase_ + 1);
  end(false);
}

void Swarm::on_part_end() {
  if (--parts_left_ > 0) return;
  actors_.clear();
  // An interrupted run's last second may lack a part.
  for (auto& [number, second] : std::exchange(seconds_, {})) events_.on_second(std::move(second.merged));
  events_.on_end();
}

}  // namespace troupe::sim
