#include "actors/database/database_actor.hpp"

#include <caf/actor_cast.hpp>
#include <utility>

#include "actors/database/batch_answers.hpp"
#include "actors/database/refusal_log.hpp"
#include "support/log_line.hpp"

namespace troupe::actors {

namespace {

// Tokens of TimerTicks, beside those of Deadlines and ConnectionLife.
constexpr std::uint64_t gathering_token = std::uint64_t{1} << 60;
constexpr std::uint64_t heartbeat_token = std::uint64_t{1} << 61;

// How long a connection may be idle before it is asked whether it still lives.
constexpr Duration heartbeat = std::chrono::seconds(1);

// A server that only reads now is asked for another connection no more often.
constexpr Duration least_life = std::chrono::seconds(1);

std::size_t in_flight_limit(const DatabaseSettings& settings) {
  return settings.batching == Batching::off ? 1 : settings.max_in_flight;
}

void count(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) {
  counter.fetch_add(by, std::memory_order_relaxed);
}

}  // namespace

DatabaseActor::DatabaseActor(caf::actor_config& config, Worker& home,
                             std::shared_ptr<const DatabaseActorOptions> options,
                             std::shared_ptr<DatabaseActorStats> stats)
    : PinnedActor(config, home, options->home_runs_actors),
      options_(std::move(options)),
      stats_(std::move(stats)),
      queue_(rows_of_a_statement(options_->settings), options_->settings.batching == Batching::coalesce),
      max_in_flight_(in_flight_limit(options_->settings)),
      connection_(options_->open_session, options_->settings, home,
                  options_->settings.execution != Execution::async, id()),
      sending_(options_->request_timeout, options_->settings),
      gathering_(options_->settings.gather_max, options_->lanes, options_->connections, options_->workers),
      outage_(options_->settings.outage_wait, options_->settings.outage_memory, options_->outage_bytes) {}

caf::behavior DatabaseActor::make_behavior() {
  guarded([this] { follow(connection_.attempt(self())); });
  return {
      [this](Command& command) { guarded([&] { on_command(std::move(command)); }); },
      [this](Flush) {
        flush_sent_ = false;
        guarded([this] { flush_gathered(); });
      },
      [this](const SocketReady& ready) { guarded([&] { on_socket(ready); }); },
      [this](const TimerTick& tick) { guarded([&] { on_timer(tick.token); }); },
      [this](Stop) {
        if (std::exchange(stopped_, true)) return quit();
        stop_now();
        // Behind the commands that are in the mailbox already: they are refused, not forgotten.
        send(this, Stop{});
      },
  };
}

// CAF ends an actor whose handler throws, and with it all who wait for it. An exception must cost one
// connection instead.
void DatabaseActor::guarded(const std::function<void()>& handler) {
  try {
    handler();
  } catch (const std::exception& exception) {
    log_error("database actor {}: {}", id(), exception.what());
    on_connection_lost("internal error");
  }
}

void DatabaseActor::on_command(Command command) {
  Pending pending{std::move(command), current_sender(), now()};
  if (stopped_ || (session() == nullptr && !outage_.admit(pending.command))) {
    reply(pending, Failure{Failure::Kind::database_away}, {}, {});
    return;
  }
  queue_.add(std::move(pending));
  deadlines_.ask_for_check(home().timers(), self());
  flush_soon();
}

void DatabaseActor::flush_soon() {
  if (claim_flush()) send(this, Flush{});
}

void DatabaseActor::on_socket(const SocketReady& ready) {
  if (!connection_.accept(ready)) return;
  if (connection_.connecting()) return follow(connection_.go_on());
  if (ready.writable) return flush_socket();
  read_answers();
  send_gathered();
}

void DatabaseActor::on_timer(std::uint64_t token) {
  if (token == gathering_token) {
    gathering_tick_asked_ = false;
    return flush_gathered();
  }
  if (token == heartbeat_token) {
    heartbeat_asked_ = false;
    return ping_if_idle();
  }
  if (token == Deadlines::timer_token) {
    deadlines_.asked();
    check_deadlines();
    if (queue_.size() > 0 || !in_flight_.empty()) deadlines_.ask_for_check(home().timers(), self());
    return;
  }
  switch (connection_.due(token)) {
    case ConnectionLife::Due::nothing:
      return;
    case ConnectionLife::Due::attempt:
      return follow(connection_.attempt(self()));
    case ConnectionLife::Due::renewal:
      retiring_ = Retiring::old;
      return flush_gathered();
    case ConnectionLife::Due::giving_up:
      return on_connection_lost("connect timeout");
  }
}

// ---- the connection came, or went

void DatabaseActor::follow(const Result<bool>& connected) {
  if (!connected) return on_connection_lost(connected.error().message);
  if (*connected) on_connected();
}

void DatabaseActor::on_connected() {
  sending_.begin_session(now());
  outage_.end();
  connected_at_ = sent_at_ = now();
  retiring_ = Retiring::no;
  stats_->ready = true;
  log_debug("database actor {}: connected", id());
  ask_for_tick(connected_at_ + heartbeat, heartbeat_token, heartbeat_asked_);
  flush_gathered();
}

void DatabaseActor::on_connection_lost(const std::string& why) {
  if (stats_->ready.exchange(false)) {
    log_warn("database actor {}: connection lost: {}", id(), why);
    count(stats_->reconnects);
    outage_.begin(now());
  } else {
    const bool is_new = options_->connect_reasons->is_new(why);
    log_line(is_new ? LogLevel::warn : LogLevel::debug, "cannot connect to PostgreSQL: {}", why);
  }
  connection_.lose(self());
  stats_->in_flight = 0;
  gathering_.lost();
  for (auto& batch : in_flight_.take_all()) answer_or_retry(std::move(batch));
  for (auto& batch : std::exchange(next_, {})) {  // taken from the queue, and then something threw
    for (auto& pending : batch.commands) queue_.add(std::move(pending));
  }
  if (queue_.size() > 0) deadlines_.ask_for_check(home().timers(), self());
}

// What is under way comes to its end first; new commands wait meanwhile.
bool DatabaseActor::retired() {
  if (retiring_ == Retiring::no) return false;
  if (!in_flight_.empty()) return true;
  if (std::exchange(retiring_, Retiring::no) == Retiring::old) {
    renew();
  } else {
    on_connection_lost("the server only reads now");
  }
  return true;
}

void DatabaseActor::renew() {
  log_debug("database actor {}: its connection has lived long enough", id());
  stats_->ready = false;
  outage_.begin(now());
  follow(connection_.renew(self()));
  if (queue_.size() > 0) deadlines_.ask_for_check(home().timers(), self());
}

void DatabaseActor::ask_for_tick(TimePoint when, std::uint64_t token, bool& asked) {
  if (!std::exchange(asked, true)) home().timers().call_at(when, self(), token);
}

// Nothing else would tell that an idle connection has died: readiness is known from this, and not by asking
// the server when somebody wants to know.
void DatabaseActor::ping_if_idle() {
  if (session() == nullptr) return;
  const auto time = now();
  ask_for_tick(time + heartbeat, heartbeat_token, heartbeat_asked_);
  if (!in_flight_.empty() || queue_.size() > 0 || sent_at_ + heartbeat > time) return;
  Pending ping;
  ping.command.head.deadline = time + options_->request_timeout;
  ping.received = time;
  queue_.add(std::move(ping));
  deadlines_.ask_for_check(home().timers(), self());
  flush_gathered();
}

void DatabaseActor::answer_or_retry(Batch batch) {
  for (auto& pending : batch.commands) {
    if (!pending.sender) continue;  // the check of deadlines has answered it
    if (is_write(batch.kind())) {
      reply(pending, Failure{Failure::Kind::database_away, true}, batch.sent, {});
    } else if (pending.retried) {
      reply(pending, Failure{Failure::Kind::database_away}, batch.sent, {});
    } else {
      pending.retried = true;
      queue_.add(std::move(pending));
    }
  }
}

// ---- batches out, answers in

// A connection runs one statement after the other, so a second batch of a kind would only wait in the socket,
// and every write transaction pays a commit of its own. Coalescing keeps it here instead: what gathers
// meanwhile makes one bigger batch. Lists gather nothing, and several share a round trip.
void DatabaseActor::send_gathered() {
  if (session() == nullptr || retired()) return;
  const bool coalesce = options_->settings.batching == Batching::coalesce;
  const auto time = now();
  const bool writes_wait = coalesce && gathering_.waits(time, queue_.sharing());
  if (writes_wait) ask_for_tick(gathering_.until(), gathering_token, gathering_tick_asked_);
  const auto may_go = [&](const Command& first) {
    return !coalesce || (in_flight_.has_room_for(first, time) && !(writes_wait && shares_commit(first)));
  };
  while (in_flight_.size() < max_in_flight_) {
    queue_.take(std::ref(may_go), max_in_flight_ - in_flight_.size(), next_);
    if (next_.empty()) break;
    if (!send_transaction()) return;
  }
  flush_socket();
}

bool DatabaseActor::send_transaction() {
  const auto time = now();
  sent_at_ = time;
  if (in_flight_.empty()) deadlines_.heard(time);
  sent_.clear();
  for (auto& batch : next_) {  // in flight before anything can fail: a lost connection answers them
    batch.sent = time;
    sent_.push_back(&in_flight_.add(std::move(batch)));
  }
  if (auto result = sending_.send(*session(), sent_); !result) {
    on_connection_lost(result.error().message);
    return false;
  }
  for (const auto* batch : sent_) count_sent(*batch);
  return true;
}

void DatabaseActor::count_sent(const Batch& batch) {
  if (batch.kind() == CommandKind::ping) return;
  count(stats_->batches);
  count(stats_->rows, batch.rows());
  stats_->in_flight = in_flight_.size();
  std::uint64_t waited_us = 0;
  for (const auto& pending : batch.commands) {
    const auto waited = batch.sent - pending.command.head.submitted;
    waited_us +=
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(waited).count());
  }
  count(stats_->wait_us, waited_us);
}

void DatabaseActor::flush_socket() {
  auto left = session()->flush();
  if (!left) return on_connection_lost(left.error().message);
  unwritten_ = *left;
}

void DatabaseActor::read_answers() {
  completions_.clear();
  deadlines_.heard(now());
  const auto result = session()->receive(completions_);
  for (auto& completion : completions_) on_completion(std::move(completion));
  completions_.clear();
  if (!result) on_connection_lost(result.error().message);
}

void DatabaseActor::on_completion(postgres::Completion completion) {
  if (std::holds_alternative<postgres::Rows>(completion.outcome) && connection_.proved())
    options_->connect_reasons->connected();
  if (!BatchSending::is_of_batch(completion)) return;
  const auto answered = now();
  const auto began = in_flight_.began();
  auto& batch = in_flight_.begin_answering(answered);
  stats_->in_flight = in_flight_.size();
  options_->slow_queries->look_at(batch, completion, began, answered);
  if (auto* error = std::get_if<postgres::StatementError>(&completion.outcome)) {
    on_refused(batch, *error, answered);
  } else {
    learn_time(batch, began, answered);
    const bool again = may_have_lost_its_row(batch);
    for_each_outcome(batch, std::move(std::get<postgres::Rows>(completion.outcome)),
                     [&](Pending& pending, Outcome outcome) {
                       if (again && pending.sender && std::holds_alternative<NotFound>(outcome)) {
                         Batch alone;
                         alone.commands.push_back(std::move(pending));
                         queue_.add_apart(std::move(alone));
                       } else {
                         reply(pending, std::move(outcome), batch.sent, answered);
                       }
                     });
  }
  in_flight_.answered();
}

// What the pool estimates a command's wait by, and the gathering a commit's cost.
void DatabaseActor::learn_time(const Batch& batch, TimePoint began, TimePoint answered) {
  if (batch.kind() == CommandKind::ping) return;
  const bool list = may_be_long(batch.kind());
  auto& mean = list ? list_time_ : row_time_;
  mean.add(answered - began);
  const auto ns = std::chrono::nanoseconds(mean.value()).count();
  (list ? stats_->list_time_ns : stats_->row_time_ns)
      .store(static_cast<std::uint64_t>(ns), std::memory_order_relaxed);
  if (shares_commit(batch.first())) gathering_.committed(batch, began, answered, queue_.sharing());
}

void DatabaseActor::on_refused(Batch& batch, const postgres::StatementError& error, TimePoint answered) {
  const auto again = again_after(batch, error);
  // What a read-only transaction refuses is no database that is away. But a server that has become read-only
  // keeps its connections, and only a new one looks for the server that writes now.
  const bool read_only = error.sqlstate == "25006";
  const bool of_call = batch.kind() == CommandKind::call && read_only;
  if (read_only && !of_call && connected_at_ + least_life <= answered) retiring_ = Retiring::read_only;
  const auto failure = of_call ? Failure{Failure::Kind::internal} : failure_for(error);
  if (tells_of_schema_change(error) && options_->on_schema_change) options_->on_schema_change();
  if (again != Again::no) return try_again(batch, again);
  log_refusal(*options_->refusals, error, failure.kind, answered);
  for (auto& pending : batch.commands) reply(pending, failure, batch.sent, answered);
}

void DatabaseActor::try_again(Batch& batch, Again again) {
  // The check of deadlines has answered some.
  std::erase_if(batch.commands, [](const Pending& pending) { return !pending.sender; });
  if (again != Again::whole) {
    for (auto& part : split(std::move(batch), again)) queue_.add_apart(std::move(part));
    return;
  }
  const bool read = batch.kind() == CommandKind::read;  // it changed nothing: a lock was in its way
  for (auto& pending : batch.commands) {
    (read ? pending.waits_for_lock : pending.rolled_back) = true;
    queue_.add(std::move(pending));
  }
}

void DatabaseActor::reply(Pending& pending, Outcome outcome, TimePoint sent, TimePoint answered) {
  if (!pending.sender) return;
  stats_->outstanding.fetch_sub(1, std::memory_order_relaxed);
  if (may_be_long(pending.command.kind)) stats_->lists.fetch_sub(1, std::memory_order_relaxed);
  const auto& head = pending.command.head;
  auto element = caf::make_mailbox_element(
      caf::strong_actor_ptr{ctrl()}, caf::make_message_id(), caf::no_stages,
      Reply{head.ticket, std::move(outcome), Trace{head.submitted, pending.received, sent, answered}});
  pending.sender->enqueue(std::move(element), context());
  pending.sender = nullptr;
}

// ---- the end of waiting

void DatabaseActor::check_deadlines() {
  if (session() == nullptr) {
    for (auto& pending : outage_.take_expired(queue_, now()))
      reply(pending, Failure{Failure::Kind::database_away}, {}, {});
  }
  const bool dead = deadlines_.check(now(), queue_, in_flight_,
                                     [this](Pending& pending, const Failure& failure, TimePoint sent) {
                                       reply(pending, failure, sent, {});
                                     });
  if (dead) on_connection_lost("no answer from the server past the deadline");
}

void DatabaseActor::stop_now() {
  stats_->ready = false;
  stats_->in_flight = 0;
  gathering_.lost();
  outage_.end();
  connection_.end();
  for (auto& batch : in_flight_.take_all()) {
    for (auto& pending : batch.commands) {
      reply(pending, Failure{Failure::Kind::database_away, is_write(batch.kind())}, batch.sent, {});
    }
  }
  for (auto& pending : queue_.take_all()) reply(pending, Failure{Failure::Kind::database_away}, {}, {});
}

}  // namespace troupe::actors
