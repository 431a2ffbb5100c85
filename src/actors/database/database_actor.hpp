#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "actors/database/command_queue.hpp"
#include "actors/database/database_pool.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "actors/runtime/socket_watch.hpp"
#include "postgres/item_statements.hpp"
#include "postgres/wire/pipeline.hpp"
#include "support/settings.hpp"

namespace troupe::actors {

/// What a database actor needs to know. One object shared by a pool's actors.
struct DatabaseActorOptions {
  std::string conninfo;
  postgres::ItemTable table;
  DatabaseSettings settings;
  std::chrono::milliseconds request_timeout{5'000};  ///< bounds statement_timeout
  bool home_runs_actors = true;                      ///< Scheduler::worker
};

/// Owns one PostgreSQL connection and batches its mailbox: commands are gathered until the Flush it sent
/// itself on the first of them arrives, then each kind becomes one statement (Batching::coalesce). Answers
/// every command with exactly one Reply. When the connection breaks it reconnects with jittered back-off;
/// reads in flight are sent once more, writes in flight are answered as unknown. Pinned to a worker. With
/// Execution::blocking it keeps its worker waiting for answers; with Execution::detached it is to be spawned
/// as caf::detached and waits on its own thread.
class DatabaseActor final : public PinnedActor {
 public:
  DatabaseActor(caf::actor_config& config, Worker& home, std::shared_ptr<const DatabaseActorOptions> options,
                std::shared_ptr<DatabaseActorStats> stats);

 protected:
  caf::behavior make_behavior() override;

 private:
  void guarded(const std::function<void()>& handler);
  void on_command(Command command);
  void on_socket(const SocketReady& ready);
  void on_timer(std::uint64_t token);

  // The connection's life.
  void connect();
  void continue_connecting();
  void on_connected(postgres::Connection connection);
  void on_connection_lost(const std::string& why);
  void schedule_reconnect();

  // Batches out, answers in.
  void flush_gathered();
  void send_gathered();
  void send_and_wait();
  void flush_later();
  KindSet open_kinds() const;
  bool send_batch(Batch batch);
  bool follow_deadline(const Batch& batch, TimePoint now);
  bool renew_plans(TimePoint now);
  void flush_socket();
  void read_answers();
  void on_completion(postgres::Completion completion);
  void on_refused(Batch batch, const postgres::StatementError& error);
  void reply(Pending& pending, Outcome outcome, TimePoint sent, TimePoint answered);

  // Deadlines.
  void start_sweep();
  void sweep();
  void enforce_deadlines();
  void stop_now();

  TimePoint now() { return home().timers().now(); }
  Timers& timers() { return home().timers(); }

  std::shared_ptr<const DatabaseActorOptions> options_;
  std::shared_ptr<DatabaseActorStats> stats_;
  postgres::ItemStatements statements_;
  CommandQueue queue_;
  std::size_t max_in_flight_;
  bool waits_;  ///< Execution::blocking or detached
  bool flush_sent_ = false;

  std::optional<postgres::Connection> connecting_;
  std::optional<postgres::Pipeline> pipeline_;
  SocketWatch watch_;  ///< who waits for answers uses it to connect only
  bool unwritten_ = false;
  std::uint64_t generation_ = 0;  ///< counts connection attempts; old watches and timers carry an older one
  std::chrono::milliseconds backoff_;
  std::minstd_rand jitter_;

  std::deque<Batch> in_flight_;  ///< in the order sent, which is the order of completions
  std::array<std::size_t, batch_kinds> in_flight_by_kind_{};
  std::chrono::milliseconds statement_timeout_{0};  ///< what the session has now
  TimePoint planned_{};                             ///< when the session last threw its plans away
  TimePoint last_heard_{};                          ///< when the server last sent anything
  bool sweeping_ = false;
  TimePoint swept_{};  ///< when deadlines were last looked at
  bool stopped_ = false;

  // Kept only to use their memory again.
  postgres::Params params_;
  postgres::Statement scratch_;
  std::vector<postgres::Completion> completions_;
};

}  // namespace troupe::actors
