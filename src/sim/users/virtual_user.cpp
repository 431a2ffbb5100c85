#include "sim/users/virtual_user.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <span>
#include <utility>

#include "sim/users/judge_answer.hpp"
#include "sim/users/swarm_messages.hpp"
#include "support/invariant.hpp"
#include "support/secret_text.hpp"

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
  if (!part.scenario.classes.empty())
    session_ = std::make_unique<UserSession>(part.scenario, number, data_, part.variables);
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
  const auto& think = session_ ? session_->users().think_time : part_.scenario.think_time;
  const auto every = session_ ? session_->users().every : std::nullopt;
  // A user comes in somewhere in the middle of a pause: users who begin together must not stay in step.
  const double pause_s = to_seconds(every ? *every : think.sample(think_)) * think_.uniform();
  wake_at(now() + from_seconds(pause_s));
}

void VirtualUser::wake_at(TimePoint when) {
  intended_ = when;
  home().timers().call_at(when, caf::actor_cast<caf::actor>(this), 0);
}

void VirtualUser::stop() {
  stopping_ = true;
  if (!waiting_) wind_down();
}

void VirtualUser::end_by_itself() {
  ++part_.done;
  if (session_) {
    const auto variables = session_->variables();
    part_.last_variables.emplace(variables.begin(), variables.end());
  }
  stopping_ = true;
  wind_down();
}

/// Does what a user does at its end, and ends.
void VirtualUser::wind_down() {
  while (session_ && !part_.discarding && session_->begin_stop()) {
    const auto time = now();
    take_up(session_->next_task(time, task_choice_));
    if (is_missing_a_value(time)) continue;
    goodbye_ = !part_.load_over && !part_.limits.requests.take();
    return send_call(time, time, time);
  }
  quit();
}

/// What is sent once the load is over, or beyond its requests, is no part of it, but can go wrong.
bool VirtualUser::is_goodbye() const {
  return session_ && session_->stopping() && (part_.load_over || goodbye_);
}

void VirtualUser::begin(TimePoint intended, TimePoint due, TimePoint time) {
  if (stopping_) return;
  if (part_.plan->model == LoadModel::cycle) {
    if (!take_job()) return;
  } else if (!choose_task(intended)) {
    return;
  } else if (!part_.limits.requests.take()) {
    if (part_.plan->model == LoadModel::open) part_.backlog.push_front(intended);
    return end_by_itself();
  }
  send_call(intended, due, time);
}

void VirtualUser::send_call(TimePoint intended, TimePoint due, TimePoint time) {
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
  call.row = session_ ? session_->row(data_) : part_.scenario.pick_row(data_);
  call.wants_fields = task().wants_fields;
  call.wants_body = task().wants_body;
  if (session_) call.variables = session_->variables();
  if (session_) call.secret_variables = part_.scenario.secret_variables;
  if (task().makes_names) {
    part_.sender = {.user = number_ + 1,
                    .iteration = session_ ? session_->iteration() : ticket_ + 1,
                    .unix_time = std::chrono::floor<std::chrono::milliseconds>(
                        home().timers().now().time_since_epoch() + part_.unix_offset),
                    .rng = &data_};
    call.sender = &part_.sender;
  }
  const auto& parameters = call.material->parameters;
  if (part_.parameters.size() < parameters.size()) part_.parameters.resize(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i](data_, call.row, part_.parameters[i]);
  call.parameters = std::span(part_.parameters).first(parameters.size());
  if (!sends_row(task()) || !task().body.empty()) return call;
  call.material->rows.make(data_, session_ ? call.row : part_.scenario.pick_row(data_), part_.values);
  call.values = &part_.values;
  return call;
}

void VirtualUser::take_up(std::uint16_t task_number) {
  task_ = task_number;
  key_.clear();
  if (task().needs_key()) choose_row();
}

/// The next task, of the session if there is one. False: there is none, or it cannot be sent; what follows is
/// settled then.
bool VirtualUser::choose_task(TimePoint intended) {
  if (!session_) {
    take_up(static_cast<std::uint16_t>(part_.scenario.pick_task(task_choice_)));
    return true;
  }
  if (const auto fault = session_->fault(); !fault.empty()) {
    task_ = session_->next_task(intended, task_choice_);
    part_.recorder.record_failure(task_, CallOutcome::unsent, fault, now());
    end_by_itself();
    return false;
  }
  if (session_->begins_iteration() && (session_->over() || !part_.limits.iterations.take())) {
    end_by_itself();
    return false;
  }
  take_up(session_->next_task(intended, task_choice_));
  if (!is_missing_a_value(now())) return true;
  if (part_.plan->model != LoadModel::open) {
    go_on(true, now());
  } else if (const auto next = next_arrival()) {  // in a turn of its own: the backlog can be long
    caf::anon_send(caf::actor_cast<caf::actor>(this), Begin{*next});
  }
  return false;
}

/// Notes that the task cannot be sent for lack of a value.
bool VirtualUser::is_missing_a_value(TimePoint time) {
  const auto name = session_->missing(task());
  if (name.empty()) return false;
  std::string message = "needs {";
  message.append(name).append("}, which no answer has given");
  part_.recorder.record_failure(task_, CallOutcome::unsent, message, time);
  session_->done(false);
  return true;
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
    if (!creates(task()) && key_.empty()) continue;  // an item that could not be made has no further phases
    if (!part_.limits.requests.take()) break;
    return true;
  }
  if (--jobs.under_way == 0) caf::anon_send(part_.actor, PhaseDone{});
  return false;
}

void VirtualUser::finish(const Answer& answer) {
  stop_waiting();
  if (part_.discarding && answer.outcome == CallOutcome::timed_out) {
    if (!is_goodbye()) part_.recorder.record_unfinished(task_, intended_, started_);
    return quit();
  }
  const auto end = now();
  auto outcome = judge(task(), answer);
  auto message = describe(outcome, answer);
  if (outcome == CallOutcome::ok && (task().wants_fields || task().wants_body)) {
    message = look_into(answer);
    if (!message.empty()) outcome = CallOutcome::check;
  }
  if (outcome != CallOutcome::ok && session_) message = mask_values(message, session_->secrets());
  record(answer, outcome, message, end);
  if (outcome != CallOutcome::ok) keep_sample(outcome, message, end);
  keep_books(answer, outcome == CallOutcome::ok);
  if (session_) session_->done(outcome == CallOutcome::ok);
  go_on(answer.outcome == CallOutcome::connection || answer.outcome == CallOutcome::generator, end);
}

/// Checks what the task demands of its answer and takes out what it keeps; why that fails, or an empty text.
std::string VirtualUser::look_into(const Answer& answer) {
  if (answer.response == nullptr) return "nothing of the answer was kept";
  AnswerValues values(*answer.response);
  auto fault = values.fault_of(task().checks);
  return fault.empty() && session_ ? session_->take(task(), values) : fault;
}

void VirtualUser::stop_waiting() {
  waiting_ = false;
  part_.busy.erase(part_.busy.iterator_to(*this));
  part_.busy_now.store(part_.busy.size(), std::memory_order_relaxed);
}

void VirtualUser::record(const Answer& answer, CallOutcome outcome, std::string_view message, TimePoint end) {
  if (is_goodbye()) {
    if (outcome != CallOutcome::ok) part_.recorder.record_failure(task_, outcome, message, end);
    return;
  }
  part_.recorder.record({.task = task_,
                         .intended_start = intended_,
                         .due = due_,
                         .start = started_,
                         .end = end,
                         .outcome = outcome,
                         .message = message,
                         .content_bytes = answer.content_bytes,
                         .status = answer.outcome == CallOutcome::ok ? answer.status : 0});
  if (part_.waterfall == nullptr) return;
  if (part_.waterfall->of() == Waterfall::Of::own_server) return part_.waterfall->record(answer.trace);
  if (answer.outcome == CallOutcome::ok) record_times(answer.times, end);
}

void VirtualUser::record_times(const RequestTimes& times, TimePoint end) {
  const auto first_byte = times.first_byte == TimePoint{} ? end : times.first_byte;
  const auto before = times.connect + times.tls.value_or(Duration{});
  part_.waterfall->record(Waterfall::outside(times.connect, times.tls.value_or(Waterfall::not_gone_through),
                                             first_byte - started_ - before, end - first_byte),
                          end);
}

void VirtualUser::keep_sample(CallOutcome outcome, std::string_view message, TimePoint end) {
  if (!part_.samples.wants(task_, outcome, message)) return;
  const auto secrets = session_ ? session_->secrets() : std::vector<std::string>{};
  if (auto sample = link_->sample(secrets))
    part_.samples.add({task_, outcome, std::string(message), end, *std::move(sample)});
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

/// An open load: the arrival that waits longest; when none does, the user waits for one.
std::optional<TimePoint> VirtualUser::next_arrival() {
  if (part_.backlog.empty()) {
    part_.idle.push_back(this);
    return std::nullopt;
  }
  const auto intended = part_.backlog.front();
  part_.backlog.pop_front();
  part_.backlog_now.store(part_.backlog.size(), std::memory_order_relaxed);
  return intended;
}

void VirtualUser::go_on(bool refused, TimePoint end) {
  if (stopping_) return wind_down();
  if (part_.plan->model == LoadModel::open) {
    if (const auto intended = next_arrival()) begin(*intended, end, end);
    return;
  }
  Duration pause{};
  if (refused) {
    pause = shortest_pause * (1u << failures_in_row_);
    failures_in_row_ = static_cast<std::uint8_t>(std::min<unsigned>(failures_in_row_ + 1u, most_doublings));
  } else {
    failures_in_row_ = 0;
  }
  if (session_) {
    if (session_->begins_iteration() && session_->over()) return end_by_itself();
    pause = std::max(pause, session_->pause(end, think_));
  } else if (part_.plan->model == LoadModel::closed) {
    pause = std::max(pause, part_.scenario.think_time.sample(think_));
  }
  pause > Duration{} ? wake_at(end + pause) : begin(end, end, end);
}

}  // namespace troupe::sim
