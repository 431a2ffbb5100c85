#pragma once

#include <caf/actor_cast.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/database/batch_sending.hpp"
#include "actors/database/batches_in_flight.hpp"
#include "actors/database/command_queue.hpp"
#include "actors/database/connect_reasons.hpp"
#include "actors/database/connection_life.hpp"
#include "actors/database/database_pool.hpp"
#include "actors/database/database_session.hpp"
#include "actors/database/deadlines.hpp"
#include "actors/database/gathering.hpp"
#include "actors/database/lanes.hpp"
#include "actors/database/moving_mean.hpp"
#include "actors/database/outage.hpp"
#include "actors/database/slow_query_log.hpp"
#include "actors/database/sqlstate.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "support/log_limiter.hpp"
#include "support/settings.hpp"

namespace troupe::actors {

/// What a database actor needs to know. One object shared by a pool's actors.
struct DatabaseActorOptions {
  OpenSession open_session;  ///< called by each actor, so from any worker
  DatabaseSettings settings;
  std::chrono::milliseconds request_timeout{5'000};  ///< bounds statement_timeout
  bool home_runs_actors = true;                      ///< Scheduler::worker
  std::shared_ptr<LogLimiter> refusals = std::make_shared<LogLimiter>();
  std::shared_ptr<SlowQueryLog> slow_queries = std::make_shared<SlowQueryLog>();
  std::shared_ptr<ConnectReasons> connect_reasons = std::make_shared<ConnectReasons>();
  std::shared_ptr<LaneState> lanes = std::make_shared<LaneState>();  ///< what the actors learn of commits
  std::size_t connections = 1;                                       ///< the pool's
  std::size_t workers = 1;                                           ///< that it is spread over
  /// Bytes of all commands that wait for a connection.
  std::shared_ptr<std::atomic<std::size_t>> outage_bytes = std::make_shared<std::atomic<std::size_t>>();
  std::function<void()> on_schema_change{};  ///< a table is no longer as its resource has it; may be empty
};

/// Owns one PostgreSQL connection and batches its mailbox: commands are gathered until the Flush it sent
/// itself on the first of them arrives, then each kind becomes one statement (Batching::coalesce). Answers
/// every command with exactly one Reply. When the connection breaks it reconnects with jittered back-off, and
/// commands wait for that for a while; reads in flight are sent once more, writes in flight are answered as
/// unknown. Pinned to a worker. This is
/// Execution::async; WaitingDatabaseActor is what keeps its thread waiting instead.
class DatabaseActor : public PinnedActor {
 public:
  DatabaseActor(caf::actor_config& config, Worker& home, std::shared_ptr<const DatabaseActorOptions> options,
                std::shared_ptr<DatabaseActorStats> stats);

 protected:
  caf::behavior make_behavior() override;

  /// What to do with what has gathered; also when a connection has just been made.
  virtual void flush_gathered() { send_gathered(); }
  void send_gathered();
  /// Another Flush, with all that is in the mailbox already in front of it.
  void flush_soon();
  void flush_socket();
  void read_answers();
  void check_deadlines();

  const DatabaseActorOptions& options() const { return *options_; }
  DatabaseSession* session() { return connection_.session(); }
  const CommandQueue& queue() const { return queue_; }
  const BatchesInFlight& in_flight() const { return in_flight_; }
  const Deadlines& deadlines() const { return deadlines_; }
  /// Is some of what was sent still in the session's buffer?
  bool unwritten() const { return unwritten_; }
  /// Not the turn's: an actor that waits for PostgreSQL lets time pass within it, and how long statements
  /// take is to be known.
  TimePoint now() { return home().timers().precisely(); }
  /// True for the first who wants to send the next Flush; it must then be sent.
  bool claim_flush() { return !std::exchange(flush_sent_, true); }

 private:
  void guarded(const std::function<void()>& handler);
  caf::actor self() { return caf::actor_cast<caf::actor>(this); }
  void on_command(Command command);
  void on_socket(const SocketReady& ready);
  void on_timer(std::uint64_t token);

  void follow(const Result<bool>& connected);
  void on_connected();
  void on_connection_lost(const std::string& why);
  void answer_or_retry(Batch batch);
  bool retired();
  void renew();
  void ping_if_idle();
  void ask_for_tick(TimePoint when, std::uint64_t token, bool& asked);
  bool send_transaction();
  void count_sent(const Batch& batch);
  void on_completion(postgres::Completion completion);
  void learn_time(const Batch& batch, TimePoint began, TimePoint answered);
  void on_refused(Batch& batch, const postgres::StatementError& error, TimePoint answered);
  void try_again(Batch& batch, Again again);
  void reply(Pending& pending, Outcome outcome, TimePoint sent, TimePoint answered);
  void stop_now();

  std::shared_ptr<const DatabaseActorOptions> options_;
  std::shared_ptr<DatabaseActorStats> stats_;
  CommandQueue queue_;
  BatchesInFlight in_flight_;
  std::size_t max_in_flight_;
  ConnectionLife connection_;
  BatchSending sending_;
  Deadlines deadlines_;
  Gathering gathering_;
  Outage outage_;
  MovingMean row_time_, list_time_;
  TimePoint connected_at_{}, sent_at_{};
  /// Why the connection is given up as soon as nothing is under way on it.
  enum class Retiring : std::uint8_t { no, old, read_only } retiring_ = Retiring::no;
  bool gathering_tick_asked_ = false, heartbeat_asked_ = false;
  bool flush_sent_ = false;
  bool unwritten_ = false;
  bool stopped_ = false;
  // Kept only to use their memory again.
  std::vector<postgres::Completion> completions_;
  Transaction next_;
  std::vector<Batch*> sent_;
};

}  // namespace troupe::actors
