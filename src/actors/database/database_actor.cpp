#include "actors/database/database_actor.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include "actors/database/batch_execution.hpp"

namespace troupe::actors {

namespace {

using namespace std::chrono_literals;

constexpr auto sweep_interval = 50ms;
// How long past its deadline a statement may be without an answer before the connection counts as dead: the
// server's own statement_timeout has had its chance by then.
constexpr auto dead_after = std::chrono::seconds(1);

// Timer tokens: the sweep, or the generation of the connection attempt they belong to.
constexpr std::uint64_t sweep_token = 0;
constexpr std::uint64_t connect_timeout_bit = std::uint64_t{1} << 63;

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
      statements_(options_->table),
      queue_(batch_limit(options_->settings)),
      max_in_flight_(in_flight_limit(options_->settings)),
      waits_(options_->settings.execution != Execution::async),
      watch_(home.io()),
      backoff_(options_->settings.reconnect_min),
      jitter_(static_cast<unsigned>(id())) {}

caf::behavior DatabaseActor::make_behavior() {
  guarded([this] { connect(); });
  return {
      [this](ReadItem& command) { guarded([&] { on_command(std::move(command)); }); },
      [this](CreateItem& command) { guarded([&] { on_command(std::move(command)); }); },
      [this](UpdateItem& command) { guarded([&] { on_command(std::move(command)); }); },
      [this](DeleteItem& command) { guarded([&] { on_command(std::move(command)); }); },
      [this](ListItems& command) { guarded([&] { on_command(std::move(command)); }); },
      [this](Ping& command) { guarded([&] { on_command(std::move(command)); }); },
      [this](Flush) {
        flush_sent_ = false;
        guarded([this] { flush_gathered(); });
      },
      [this](const SocketReady& ready) { guarded([&] { on_socket(ready); }); },
      [this](const TimerTick& tick) { guarded([&] { on_timer(tick.token); }); },
      [this](Stop) {
        if (std::exchange(stopped_, true)) return quit();
        stop_now();
        send(this,
             Stop{});  // behind the commands that are in the mailbox already: they are refused, not forgotten
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
  if (!pipeline_) {
    reply(pending, Failure{Failure::Kind::database_away}, {}, {});
    return;
  }
  queue_.add(std::move(pending));
  start_sweep();
  if (flush_sent_) return;
  flush_sent_ = true;
  send(this, Flush{});
}

void DatabaseActor::on_socket(const SocketReady& ready) {
  if (!watch_.accept(ready)) return;
  if (connecting_) return continue_connecting();
  if (!pipeline_) return;
  if (ready.writable) return flush_socket();
  read_answers();
}

void DatabaseActor::on_timer(std::uint64_t token) {
  if (token == sweep_token) return sweep();
  if ((token & ~connect_timeout_bit) != generation_) return;
  if ((token & connect_timeout_bit) == 0) return connect();
  if (connecting_) on_connection_lost("connect timeout");
}

// ---- the connection's life

void DatabaseActor::connect() {
  ++generation_;
  auto started = postgres::Connection::start(options_->conninfo);
  if (!started) return on_connection_lost(started.error().message);
  connecting_.emplace(std::move(*started));
  timers().call_at(now() + options_->settings.connect_timeout, caf::actor_cast<caf::actor>(this),
                   generation_ | connect_timeout_bit);
  continue_connecting();  // it may have failed already, and then there is no socket to watch
}

void DatabaseActor::continue_connecting() {
  watch_.release();  // libpq may close this socket to try the next address
  auto waits = connecting_->poll();
  if (!waits) return on_connection_lost(waits.error().message);
  if (*waits == postgres::Connection::Waits::nothing) {
    auto connection = std::move(*connecting_);
    connecting_.reset();
    return on_connected(std::move(connection));
  }
  // Every time: libpq may have closed one address's socket and opened the next one's under the same number.
  watch_.assign(connecting_->socket(), caf::actor_cast<caf::actor>(this), generation_);
  *waits == postgres::Connection::Waits::readable ? watch_.wait_readable() : watch_.wait_writable();
}

void DatabaseActor::on_connected(postgres::Connection connection) {
  pipeline_.emplace(std::move(connection));
  statement_timeout_ = {};
  planned_ = now();
  backoff_ = options_->settings.reconnect_min;
  if (!waits_) {
    watch_.assign(pipeline_->socket(), caf::actor_cast<caf::actor>(this), generation_);
    watch_.wait_readable();
  }
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
  watch_.release();
  connecting_.reset();
  pipeline_.reset();
  auto broken = std::exchange(in_flight_, {});
  in_flight_by_kind_ = {};
  stats_->in_flight = 0;
  for (auto& batch : broken) {
    for (auto& pending : batch.commands) {
      if (!pending.sender) continue;
      if (is_write(batch.kind)) {
        reply(pending, Failure{Failure::Kind::database_away, true}, batch.sent, {});
      } else if (pending.retried) {
        reply(pending, Failure{Failure::Kind::database_away}, batch.sent, {});
      } else {
        pending.retried = true;
        queue_.add(std::move(pending));
      }
    }
  }
  schedule_reconnect();
}

void DatabaseActor::schedule_reconnect() {
  // Full jitter between half and all of the back-off: many connections must not return in step.
  std::uniform_int_distribution<std::int64_t> spread(backoff_.count() / 2, backoff_.count());
  timers().call_at(now() + std::chrono::milliseconds(spread(jitter_)), caf::actor_cast<caf::actor>(this),
                   generation_);
  backoff_ = std::min(backoff_ * 2, options_->settings.reconnect_max);
}

// ---- batches out, answers in

void DatabaseActor::flush_gathered() {
  waits_ ? send_and_wait() : send_gathered();
}

// Nobody watches an idle connection here: if it died, that is found out before anything is sent, and the
// commands wait for the next one. The wait is bounded by what bounds every statement, its deadline and then
// `dead_after`.
void DatabaseActor::send_and_wait() {
  while (pipeline_ && pipeline_->wait(0ms, false)) read_answers();
  if (pipeline_ && now() - swept_ >= sweep_interval) enforce_deadlines();
  send_gathered();
  while (pipeline_ && !in_flight_.empty()) {
    const bool arrived = pipeline_->wait(sweep_interval, unwritten_);
    if (unwritten_) flush_socket();
    if (pipeline_ && arrived) read_answers();
    if (pipeline_ && now() - swept_ >= sweep_interval) enforce_deadlines();
  }
  if (pipeline_ && queue_.size() > 0) flush_later();
}

// The rest of the queue, after the worker has delivered the answers and has looked at its sockets: a message
// to itself would be taken up at once.
void DatabaseActor::flush_later() {
  if (std::exchange(flush_sent_, true)) return;
  if (options_->settings.execution == Execution::detached) return send(this, Flush{});
  boost::asio::post(home().io(),
                    [self = caf::actor_cast<caf::actor>(this)] { caf::anon_send(self, Flush{}); });
}

void DatabaseActor::send_gathered() {
  if (!pipeline_) return;
  while (in_flight_.size() < max_in_flight_) {
    auto batch = queue_.take(open_kinds());
    if (!batch) break;
    if (!send_batch(std::move(*batch))) return;
  }
  flush_socket();
}

// A connection runs one statement after the other, so a second batch of a kind would only wait in the socket,
// and every write batch pays a commit of its own. Coalescing keeps it here instead: what gathers meanwhile
// makes one bigger batch.
KindSet DatabaseActor::open_kinds() const {
  KindSet open;
  for (std::size_t kind = 0; kind < batch_kinds; ++kind) {
    open[kind] = options_->settings.batching != Batching::coalesce || in_flight_by_kind_[kind] == 0;
  }
  return open;
}

bool DatabaseActor::send_batch(Batch batch) {
  batch.sent = now();
  if (in_flight_.empty()) last_heard_ = batch.sent;
  in_flight_.push_back({});  // keeps its place, whatever happens: a lost connection answers it
  auto& sent = in_flight_.back();
  sent = std::move(batch);
  ++in_flight_by_kind_[static_cast<std::size_t>(sent.kind)];
  if (!follow_deadline(sent, sent.sent) || !renew_plans(sent.sent)) return false;
  const auto& statement = statement_for(sent, statements_, params_, scratch_);
  if (auto result = pipeline_->send(statement, params_, 0); !result) {
    on_connection_lost(result.error().message);
    return false;
  }
  count(stats_->batches);
  count(stats_->rows, sent.commands.size());
  stats_->in_flight = in_flight_.size();
  std::uint64_t waited = 0;
  for (auto& pending : sent.commands) {
    waited += static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(sent.sent - head_of(pending.command).submitted)
            .count());
  }
  count(stats_->wait_us, waited);
  return true;
}

// Lets the session's statement_timeout follow the deadline of what is about to be sent.
bool DatabaseActor::follow_deadline(const Batch& batch, TimePoint now) {
  const auto wanted = statement_timeout_for(batch, now, options_->request_timeout);
  if (wanted == statement_timeout_) return true;
  params_.clear();
  params_.add_text(std::to_string(wanted.count()) + "ms");
  // A lock must give up first, or one locked row would time out its whole batch.
  params_.add_text(std::to_string(std::max<std::int64_t>(wanted.count() / 4, 1)) + "ms");
  if (auto result = pipeline_->send(statements_.set_timeouts(), params_, 1); !result) {
    on_connection_lost(result.error().message);
    return false;
  }
  statement_timeout_ = wanted;
  return true;
}

// PostgreSQL plans a prepared statement a few times and then keeps the plan. One made when the table was
// empty scans all of it, and stays until autovacuum looks at the table (a minute, or never for a small
// change).
bool DatabaseActor::renew_plans(TimePoint now) {
  if (now - planned_ < options_->settings.replan_interval) return true;
  planned_ = now;
  params_.clear();
  if (auto result = pipeline_->send(statements_.discard_plans(), params_, 1); !result) {
    on_connection_lost(result.error().message);
    return false;
  }
  return true;
}

void DatabaseActor::flush_socket() {
  auto left = pipeline_->flush();
  if (!left) return on_connection_lost(left.error().message);
  unwritten_ = *left;
  if (unwritten_ && !waits_) watch_.wait_writable();
}

void DatabaseActor::read_answers() {
  completions_.clear();
  last_heard_ = now();
  const auto result = pipeline_->receive(completions_);
  for (auto& completion : completions_) on_completion(std::move(completion));
  completions_.clear();
  if (!result) return on_connection_lost(result.error().message);
  if (waits_) return;
  watch_.wait_readable();
  send_gathered();
}

void DatabaseActor::on_completion(postgres::Completion completion) {
  if (completion.tag != 0) return;  // ours: nobody waits for it
  auto batch = std::move(in_flight_.front());
  in_flight_.pop_front();
  --in_flight_by_kind_[static_cast<std::size_t>(batch.kind)];
  stats_->in_flight = in_flight_.size();
  if (auto* error = std::get_if<postgres::StatementError>(&completion.outcome)) {
    return on_refused(std::move(batch), *error);
  }
  const auto answered = now();
  for_each_outcome(
      batch, std::get<postgres::Rows>(completion.outcome),
      [&](Pending& pending, Outcome outcome) { reply(pending, std::move(outcome), batch.sent, answered); });
}

void DatabaseActor::on_refused(Batch batch, const postgres::StatementError& error) {
  const bool alone = worth_running_alone(batch, error.sqlstate);
  const auto failure = failure_for(error.sqlstate);
  if (!alone && failure.kind == Failure::Kind::internal) {
    spdlog::error("PostgreSQL refused a statement: {} {}", error.sqlstate, error.message);
  }
  const auto answered = now();
  for (auto& pending : batch.commands) {
    if (!pending.sender) continue;  // the sweep has answered it
    if (alone) {
      queue_.add_alone(std::move(pending));
    } else {
      reply(pending, failure, batch.sent, answered);
    }
  }
}

void DatabaseActor::reply(Pending& pending, Outcome outcome, TimePoint sent, TimePoint answered) {
  if (!pending.sender) return;
  stats_->outstanding.fetch_sub(1, std::memory_order_relaxed);
  if (std::holds_alternative<ListItems>(pending.command))
    stats_->lists.fetch_sub(1, std::memory_order_relaxed);
  const auto& head = head_of(pending.command);
  auto element = caf::make_mailbox_element(
      caf::strong_actor_ptr{ctrl()}, caf::make_message_id(), caf::no_stages,
      Reply{head.ticket, std::move(outcome), Trace{head.submitted, pending.received, sent, answered}});
  pending.sender->enqueue(std::move(element), context());
  pending.sender = nullptr;
}

// ---- deadlines

void DatabaseActor::start_sweep() {
  if (sweeping_) return;
  sweeping_ = true;
  timers().call_at(now() + sweep_interval, caf::actor_cast<caf::actor>(this), sweep_token);
}

void DatabaseActor::sweep() {
  sweeping_ = false;
  enforce_deadlines();
  if (queue_.size() > 0 || !in_flight_.empty()) start_sweep();
}

void DatabaseActor::enforce_deadlines() {
  const auto time = now();
  swept_ = time;
  for (auto& pending : queue_.take_expired(time))
    reply(pending, Failure{Failure::Kind::deadline_passed}, {}, {});
  bool dead = false;
  for (auto& batch : in_flight_) {
    for (auto& pending : batch.commands) {
      const auto deadline = head_of(pending.command).deadline;
      dead = dead || deadline + dead_after <= time;
      // The little more lets the server's own timeout speak first: then a write's outcome is known.
      if (deadline + sweep_interval <= time) {
        reply(pending, Failure{Failure::Kind::deadline_passed, is_write(batch.kind)}, batch.sent, {});
      }
    }
  }
  // Late is not dead: a server that still answers one statement after the other (waiting for locks, say) is
  // heard of.
  if (dead && last_heard_ + dead_after <= time)
    on_connection_lost("no answer from the server past the deadline");
}

void DatabaseActor::stop_now() {
  stats_->ready = false;
  ++generation_;  // timers and watches of the old life are ignored
  watch_.release();
  connecting_.reset();
  pipeline_.reset();
  for (auto& batch : std::exchange(in_flight_, {})) {
    for (auto& pending : batch.commands) {
      reply(pending, Failure{Failure::Kind::database_away, is_write(batch.kind)}, batch.sent, {});
    }
  }
  for (auto& pending : queue_.take_all()) reply(pending, Failure{Failure::Kind::database_away}, {}, {});
}

}  // namespace troupe::actors
