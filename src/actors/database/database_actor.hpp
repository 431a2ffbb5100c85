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
#include "actors/database/connection_life.hpp"
#include "actors/database/database_pool.hpp"
#include "actors/database/database_session.hpp"
#include "actors/database/deadlines.hpp"
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
  std::function<void()> on_schema_change{};  ///< a table is no longer as its resource has it; may be empty
};

/// Owns one PostgreSQL connection and batches its mailbox: commands are gathered until the Flush it sent
/// itself on the first of them arrives, then each kind becomes one statement (Batching::coalesce). Answers
/// every command with exactly one Reply. When the connection breaks it reconnects with jittered back-off;
/// reads in flight are sent once more, writes in flight are answered as unknown. Pinned to a worker. This is
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
  TimePoint now() { return home().timers().now(); }
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
  bool send_batch(Batch batch);
  void count_sent(const Batch& batch);
  void on_completion(postgres::Completion completion);
  void log_refusal(const postgres::StatementError& error, Failure::Kind kind);
  void on_refused(Batch batch, const postgres::StatementError& error);
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
  bool flush_sent_ = false;
  bool unwritten_ = false;
  bool stopped_ = false;
  std::vector<postgres::Completion> completions_;  ///< kept only to use its memory again
};

}  // namespace troupe::actors
