#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "postgres/database.hpp"
#include "postgres/wire/blocking_session.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::sweep {

/// The table that a sweep makes, empties again and again, and removes: never one that may hold somebody's
/// items.
constexpr const char* sweep_table = "troupe_sweep_items";

/// The PostgreSQL of a sweep, brought to the same state before each repeat. Used by one thread.
class TestDatabase {
 public:
  /// Starts the embedded cluster, or uses database.url. `connections`: of the largest pool. Error:
  /// invalid_argument when the server does not allow that many. `give_up` as with postgres::Database::open.
  static Result<TestDatabase> open(
      const DatabaseSettings& settings, std::size_t connections,
      const std::function<bool()>& give_up = [] { return false; });
  /// Removes the table, once the sweep is over.
  Result<void> remove_table();

  /// Empties the table, writes `rows` items with the ids 1 to `rows`, gathers the planner's statistics and
  /// makes a checkpoint, so that the next repeat does not pay for the writes of the last one.
  Result<void> reset(std::size_t rows);

  const postgres::Database& database() const { return database_; }
  /// What the figures' reader must know: "no CHECKPOINT between repeats: …".
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  TestDatabase(postgres::Database database, postgres::BlockingSession guard,
               std::chrono::milliseconds timeout)
      : database_(std::move(database)), guard_(std::move(guard)), timeout_(timeout) {}
  Result<postgres::BlockingSession> session() const;
  Result<void> take_table();
  void try_checkpoint();

  postgres::Database database_;
  postgres::BlockingSession guard_;  ///< holds the lock on the table as long as the sweep lasts
  std::chrono::milliseconds timeout_;
  bool checkpoint_allowed_ = true;
  std::vector<std::string> notes_;
};

}  // namespace troupe::sweep
