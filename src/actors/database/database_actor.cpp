#include "actors/database/database_actor.hpp"

#include <spdlog/spdlog.h>

#include <caf/actor_cast.hpp>
#include <utility>

#include "actors/database/batch_answers.hpp"
#include "actors/database/sqlstate.hpp"

namespace troupe::actors {

namespace {

std::size_t batch_limit(const DatabaseSettings& settings) {
  return settings.batching == Batching::coalesce ? settings.max_batch : 1;
}

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
      queue_(batch_limit(options_->settings)),
      max_in_flight_(in_flight_limit(options_->settings)),
      connection_(options_->open_session, options_->settings, home,
                  options_->settings.execution != Execution::async, id()),
      sending_(options_->request_timeout, options_->settings.replan_interval) {}

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
    spdlog::error("database actor {}: {}", id(), exception.what());
    on_connection_lost("internal error");
  }
}

void DatabaseActor::on_command(Command command) {
  Pending pending{std::move(command), current_sender(), now()};
  if (session() == nullptr) {
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
  stats_->ready = true;
  spdlog::debug("database actor {}: connected", id());
  flush_gathered();
}

void DatabaseActor::on_connection_lost(const std::string& why) {
  if (stats_->ready.exchange(false)) {
    spdlog::warn("database actor {}: connection lost: {}", id(), why);
    count(stats_->reconnects);
  } else {
    spdlog::debug("database actor {}: cannot connect: {}", id(), why);
  }
  connection_.lose(self());
  stats_->in_flight = 0;
  for (auto& batch : in_flight_.take_all()) answer_or_retry(std::move(batch));
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
// and every write batch pays a commit of its own. Coalescing keeps it here instead: what gathers meanwhile
// makes one bigger batch. Lists gather nothing, and several share a round trip.
void DatabaseActor::send_gathered() {
  if (session() == nullptr) return;
  const bool coalesce = options_->settings.batching == Batching::coalesce;
  while (in_flight_.size() < max_in_flight_) {
    auto batch =
        queue_.take([&](const Command& first) { return !coalesce || in_flight_.has_room_for(first); });
    if (!batch) break;
    if (!send_batch(std::move(*batch))) return;
  }
  flush_socket();
}

bool DatabaseActor::send_batch(Batch batch) {
  batch.sent = now();
  if (in_flight_.empty()) deadlines_.heard(batch.sent);
  auto& sent = in_flight_.add(std::move(batch));  // before anything can fail: a lost connection answers it
  if (auto result = sending_.send(*session(), sent); !result) {
    on_connection_lost(result.error().message);
    return false;
  }
  count_sent(sent);
  return true;
}

void DatabaseActor::count_sent(const Batch& batch) {
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
  if (!BatchSending::is_of_batch(completion)) return;
  const auto answered = now();
  auto batch = in_flight_.take_oldest(answered);
  stats_->in_flight = in_flight_.size();
  if (auto* error = std::get_if<postgres::StatementError>(&completion.outcome)) {
    return on_refused(std::move(batch), *error);
  }
  const bool again = may_have_lost_its_row(batch);
  for_each_outcome(batch, std::move(std::get<postgres::Rows>(completion.outcome)),
                   [&](Pending& pending, Outcome outcome) {
                     if (again && pending.sender && std::holds_alternative<NotFound>(outcome)) {
                       queue_.add_alone(std::move(pending));
                     } else {
                       reply(pending, std::move(outcome), batch.sent, answered);
                     }
                   });
}

void DatabaseActor::on_refused(Batch batch, const postgres::StatementError& error) {
  const bool alone = worth_running_alone(batch, error);
  // What a read-only transaction refuses is no database that is away.
  const bool read_only = batch.kind() == CommandKind::call && error.sqlstate == "25006";
  const auto failure = read_only ? Failure{Failure::Kind::internal} : failure_for(error);
  if (!alone) log_refusal(error, failure.kind);
  if (tells_of_schema_change(error) && options_->on_schema_change) options_->on_schema_change();
  const auto answered = now();
  for (auto& pending : batch.commands) {
    if (!pending.sender) continue;  // the check of deadlines has answered it
    if (alone) {
      queue_.add_alone(std::move(pending));
    } else {
      reply(pending, failure, batch.sent, answered);
    }
  }
}

// A client's own fault is its own concern; of what somebody else has to mend there is a line of each kind in
// a minute.
void DatabaseActor::log_refusal(const postgres::StatementError& error, Failure::Kind kind) {
  const bool internal = kind == Failure::Kind::internal;
  if (!internal && kind != Failure::Kind::forbidden && kind != Failure::Kind::busy) return;
  const auto left_out = options_->refusals->admit(error.sqlstate, now());
  if (!left_out) return;
  spdlog::log(internal ? spdlog::level::err : spdlog::level::warn, "PostgreSQL refused a statement: {} {}{}",
              error.sqlstate, error.in_full(), *left_out);
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
  const bool dead = deadlines_.check(now(), queue_, in_flight_,
                                     [this](Pending& pending, const Failure& failure, TimePoint sent) {
                                       reply(pending, failure, sent, {});
                                     });
  if (dead) on_connection_lost("no answer from the server past the deadline");
}

void DatabaseActor::stop_now() {
  stats_->ready = false;
  stats_->in_flight = 0;
  connection_.end();
  for (auto& batch : in_flight_.take_all()) {
    for (auto& pending : batch.commands) {
      reply(pending, Failure{Failure::Kind::database_away, is_write(batch.kind())}, batch.sent, {});
    }
  }
  for (auto& pending : queue_.take_all()) reply(pending, Failure{Failure::Kind::database_away}, {}, {});
}

}  // namespace troupe::actors
