#include "sim/users/virtual_user.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <span>
#include <utility>

#include "sim/users/swarm_messages.hpp"
#include "support/invariant.hpp"

namespace troupe::sim {
namespace {

// A server that is not there, or refuses on the spot, must not be asked again in a tight loop.
constexpr auto shortest_pause = std::chrono::milliseconds(1);
constexpr unsigned most_doublings = 10;  // to about a second
// What a user makes beyond them is for whoever has none.
constexpr std::size_t most_own_rows = 10;

bool creates(const Task& task) {
  return task.operation == Operation::create;
}

bool sends_row(const Task& task) {
  return creates(task) || task.operation == Operation::update;
}

/// What the scenario's checks make of an answer.
CallOutcome judge(const Task& task, const Answer& answer) {
  if (answer.outcome != CallOutcome::ok) return answer.outcome;
  if (!task.checks.status_ok(answer.status)) return CallOutcome::status;
  return answer.body_matches ? CallOutcome::ok : CallOutcome::check;
}

std::string describe(CallOutcome outcome, const Answer& answer) {
  if (!answer.message.empty()) return std::string(answer.message);
  if (outcome == CallOutcome::status) return std::to_string(answer.status);
  return outcome == CallOutcome::check ? "the body lacks what body_contains demands" : "";
}

}  // namespace

VirtualUser::VirtualUser(caf::actor_config& config, SwarmPart& part, std::uint64_t number)
    : PinnedActor(config, part.worker, true),
      part_(part),
      task_choice_(part.plan->seed, RandomStream::user_task, number),
      key_choice_(part.plan->seed, RandomStream::user_key, number),
      think_(part.plan->seed, RandomStream::user_think, number),
      data_(part.plan->seed, RandomStream::user_data, number),
      number_(number),
      own_rows_(part.material.tables.size()) {
  ++part_.alive;
}

caf::behavior VirtualUser::make_behavior() {
  link_ = part_.transport.make_link(*this, home(), number_);
  settle_in();
  return {
      [this](actors::Reply& reply) {
        if (!waiting_ || reply.ticket != ticket_) return;  // it came too late
        if (const auto answer = link_->on_reply(reply)) finish(*answer);
      },
      [this](const LinkReady& ready) {
        if (const auto answer = link_->on_socket(ready)) finish(*answer);
      },
      [this](const actors::TimerTick&) { begin(intended_, intended_, now()); },
      [this](const Begin& message) { begin(message.intended, message.intended, now()); },
      [this](const GiveUp& late) {
        if (!waiting_ || late.ticket != ticket_) return;
        link_->give_up();
        finish({.outcome = CallOutcome::timed_out, .message = "no answer in time"});
      },
      [this](actors::Stop) { stop(); },
  };
}

caf::resumable::resume_result VirtualUser::resume(caf::execution_unit* unit, std::size_t most_messages) {
  auto& turns = part_.turns;  // which outlives this actor, should this be its last turn
  if (turns.count++ % UserTurns::one_in != 0) return PinnedActor::resume(unit, most_messages);
  auto& timers = home().timers();
  const auto begin = timers.precisely();
  const auto result = PinnedActor::resume(unit, most_messages);
  turns.timed += timers.precisely() - begin;
  return result;
}

void VirtualUser::on_exit() {
  if (waiting_) stop_waiting();
  if (link_) link_->close();
  link_.reset();
  if (--part_.alive == 0) caf::anon_send(part_.actor, PartEmpty{});
}

void VirtualUser::settle_in() {
  if (part_.plan->model != LoadModel::closed) return;  // somebody else says when to begin
  const auto& think = part_.scenario.think_time;
  // A user comes in somewhere in the middle of a pause: users who begin together must not stay in step.
  const double pause_s = to_seconds(think.sample(think_)) * think_.uniform();
  wake_at(now() + from_seconds(pause_s));
}

void VirtualUser::wake_at(TimePoint when) {
  intended_ = when;
  home().timers().call_at(when, caf::actor_cast<caf::actor>(this), 0);
}

void VirtualUser::stop() {
  stopping_ = true;
  if (!waiting_) quit();
}

void VirtualUser::begin(TimePoint intended, TimePoint due, TimePoint time) {
  if (stopping_) return;
  if (part_.plan->model != LoadModel::cycle) {
    choose_task();
  } else if (!take_job()) {
    return;
  }
  auto call = make_call();
  intended_ = intended;
  due_ = due;
  started_ = time;
  waiting_ = true;
  ++ticket_;
  part_.busy.push_back(*this);
  part_.busy_now.store(part_.busy.size(), std::memory_order_relaxed);
  if (const auto answer = link_->send(call, ticket_, time)) finish(*answer);
}

Call VirtualUser::make_call() {
  const auto& material = part_.material;
  Call call{.task = &task(), .material = &material.tasks[task_]};
  if (!task().resource.empty()) call.table = &material.tables[table()];
  call.key = key_;
  call.row = part_.scenario.pick_row(data_);
  const auto& parameters = call.material->parameters;
  if (part_.parameters.size() < parameters.size()) part_.parameters.resize(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i](data_, call.row, part_.parameters[i]);
  call.parameters = std::span(part_.parameters).first(parameters.size());
  if (!sends_row(task()) || !task().body.empty()) return call;
  call.material->rows.make(data_, part_.scenario.pick_row(data_), part_.values);
  call.values = &part_.values;
  return call;
}

void VirtualUser::choose_task() {
  task_ = static_cast<std::uint16_t>(part_.scenario.pick_task(task_choice_));
  key_.clear();
  if (task().needs_key()) choose_row();
}

void VirtualUser::choose_row() {
  const auto create_task = part_.material.tables[table()].create_task;
  auto& book = part_.books[table()];
  auto key = part_.scenario.keys.kind == KeyChoice::Kind::own && create_task ? choose_own_row()
             : task().removes()                                              ? book.take(key_choice_)
                                                                             : book.pick(key_choice_);
  if (key) {
    key_ = std::move(*key);
    return;
  }
  TROUPE_INVARIANT(create_task, "a run started with neither rows nor a task that makes them");
  task_ = static_cast<std::uint16_t>(*create_task);
}

std::optional<RowKey> VirtualUser::choose_own_row() {
  auto& own = own_rows_[table()];
  if (own.empty()) {
    auto given = part_.books[table()].take(key_choice_);
    if (!given) return std::nullopt;
    own.push_back(std::move(*given));
  }
  const auto position = key_choice_.below(own.size());
  auto key = own[position];
  if (task().removes()) {  // taken out at once: nobody asks for a row that is about to go
    std::swap(own[position], own.back());
    own.pop_back();
  }
  return key;
}

void VirtualUser::keep_row(const RowKey& key) {
  auto& own = own_rows_[table()];
  if (part_.scenario.keys.kind == KeyChoice::Kind::own && own.size() < most_own_rows) {
    own.push_back(key);
  } else {
    part_.books[table()].add(key);
  }
}

bool VirtualUser::take_job() {
  auto& jobs = part_.jobs;
  task_ = static_cast<std::uint16_t>(jobs.task);
  while (jobs.next < part_.cycle_items.size()) {
    position_ = jobs.next++;
    key_ = part_.cycle_items[position_];
    if (creates(task()) || !key_.empty())
      return true;  // an item that could not be made has no further phases
  }
  if (--jobs.under_way == 0) caf::anon_send(part_.actor, PhaseDone{});
  return false;
}

void VirtualUser::finish(const Answer& answer) {
  stop_waiting();
  if (part_.discarding && answer.outcome == CallOutcome::timed_out) {
    part_.recorder.record_unfinished(task_, intended_, started_);
    return quit();
  }
  const auto end = now();
  const auto outcome = judge(task(), answer);
  record(answer, outcome, end);
  keep_books(answer, outcome == CallOutcome::ok);
  go_on(answer, end);
}

void VirtualUser::stop_waiting() {
  waiting_ = false;
  part_.busy.erase(part_.busy.iterator_to(*this));
  part_.busy_now.store(part_.busy.size(), std::memory_order_relaxed);
}

void VirtualUser::record(const Answer& answer, CallOutcome outcome, TimePoint end) {
  const auto message = outcome == CallOutcome::ok ? std::string() : describe(outcome, answer);
  part_.recorder.record({.task = task_,
                         .intended_start = intended_,
                         .due = due_,
                         .start = started_,
                         .end = end,
                         .outcome = outcome,
                         .message = message,
                         .content_bytes = answer.content_bytes,
                         .status = answer.outcome == CallOutcome::ok ? answer.status : 0});
  if (part_.waterfall != nullptr) part_.waterfall->record(answer.trace);
}

void VirtualUser::keep_books(const Answer& answer, bool good) {
  const bool cycle = part_.plan->model == LoadModel::cycle;
  if (creates(task())) {
    if (!good || answer.created.empty()) return;
    cycle ? void(part_.cycle_items[position_] = answer.created) : keep_row(answer.created);
  } else if (!cycle && !key_.empty()) {
    if (task().removes()) {
      // Only an answer that refuses leaves the row where it was.
      if (answer.outcome == CallOutcome::ok && answer.status >= 400 && answer.status != 404) keep_row(key_);
    } else if (answer.status == 404) {
      std::erase(own_rows_[table()], key_);
    }
  }
}

void VirtualUser::go_on(const Answer& answer, TimePoint end) {
  if (stopping_) return quit();
  if (part_.plan->model == LoadModel::open) {
    if (part_.backlog.empty()) return part_.idle.push_back(this);
    const auto intended = part_.backlog.front();
    part_.backlog.pop_front();
    part_.backlog_now.store(part_.backlog.size(), std::memory_order_relaxed);
    return begin(intended, end, end);
  }
  Duration pause{};
  const bool refused = answer.outcome == CallOutcome::connection || answer.outcome == CallOutcome::generator;
  if (refused) {
    pause = shortest_pause * (1u << failures_in_row_);
    failures_in_row_ = static_cast<std::uint8_t>(std::min<unsigned>(failures_in_row_ + 1u, most_doublings));
  } else {
    failures_in_row_ = 0;
  }
  if (part_.plan->model == LoadModel::closed)
    pause = std::max(pause, part_.scenario.think_time.sample(think_));
  pause > Duration{} ? wake_at(end + pause) : begin(end, end, end);
}

}  // namespace troupe::sim
