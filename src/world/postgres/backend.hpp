#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "postgres/wire/pipeline.hpp"
#include "world/postgres/engine.hpp"
#include "world/postgres/repertoire.hpp"
#include "world/postgres/wire.hpp"
#include "world/postgres/write_run.hpp"

namespace troupe::world {

/// The server's process of one connection: runs what it is sent, one statement after the other. Those up to a
/// Sync are one transaction, and are answered when it has ended: when one of them is refused, so are all.
/// Used by one thread; held by its server, which it tells when it has ended.
class Backend : public std::enable_shared_from_this<Backend> {
 public:
  Backend(Engine& engine, std::shared_ptr<Wire> wire) : engine_(engine), wire_(std::move(wire)) {}

  /// Begins to listen; `on_end` is called once, when the process ends by itself.
  void serve(std::function<void()> on_end);
  /// Breaks the connection; the process goes on with what it runs, and perhaps with what it has got.
  void cut(Error why);
  /// Ends the process and the connection, after a commit that has begun.
  void terminate();
  /// Ends the statement that it runs. False: there is none, or its commit has begun.
  bool cancel();
  /// The whole server dies: no transaction is ended by it, and nobody is told.
  void die(Error why);

 private:
  enum class Doing { nothing, running, waiting, committing };
  /// What BEGIN READ ONLY opened.
  enum class Block { none, open, failed };
  struct Timeouts {
    std::chrono::milliseconds statement{0}, lock{0};
  };

  using Outcome = std::variant<postgres::Rows, postgres::StatementError>;

  void received(Request request);
  void client_gone();
  void begin_next();
  void run();
  /// Answers what needs no table. False: it is of a table.
  bool run_of_session();
  void set_timeouts(const postgres::Params& params);
  void begin_write();
  void go_on();
  void wait_for(Transaction& holder);
  /// The statement has done what it was to do: the transaction's commit follows, unless it goes on.
  void complete(postgres::Rows rows);
  /// The statement fails, unless its outcome is settled, and with it the transaction.
  void fail(postgres::StatementError error);
  void finish(Outcome outcome);
  void finished(Outcome outcome);
  /// Takes note of the first request's outcome; answers the whole transaction if that was the last one's.
  void settle(Outcome outcome);
  void abort();
  void end();
  /// Calls `what` after `time`, if the statement is still the same and its outcome is not settled.
  void later(Duration time, std::function<void()> what);

  Engine& engine_;
  std::shared_ptr<Wire> wire_;
  std::function<void()> on_end_;
  std::deque<Request> requests_;  ///< the first is the one that runs
  const Meaning* meaning_ = nullptr;
  Doing doing_ = Doing::nothing;
  bool settled_ = false;                        ///< its outcome is, and is about to be answered
  std::uint64_t statement_ = 0;                 ///< its number
  std::uint64_t wait_ = 0;                      ///< the number of the present wait
  std::vector<postgres::Completion> outcomes_;  ///< of the transaction's statements so far
  /// Its refusal: what stands before the Sync is skipped.
  std::optional<postgres::StatementError> refused_;
  Transaction* transaction_ = nullptr;  ///< null: it has not come to a statement that writes
  std::optional<WriteRun> write_;
  Timeouts timeouts_, timeouts_before_;  ///< the latter: before the transaction, which may take them back
  Block block_ = Block::none;
  bool client_gone_ = false, terminated_ = false, ended_ = false;
};

}  // namespace troupe::world
