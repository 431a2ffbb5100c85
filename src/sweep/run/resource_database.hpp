#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "postgres/copy/database_copy.hpp"
#include "postgres/database.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::sweep {

/// Somebody's tables for a sweep: a copy, which is brought to the same state before each repeat, or they
/// themselves. Used by one thread.
class ResourceDatabase {
 public:
  /// The resources that `settings` name, in a copy.
  static Result<ResourceDatabase> open(const DatabaseSettings& settings, postgres::DatabaseCopy copy);
  /// The same in the tables themselves, which stay as each repeat leaves them. `read_only`: no session can
  /// write.
  static Result<ResourceDatabase> open(const DatabaseSettings& settings, bool read_only);

  /// Makes the copy again as it was at first, and a checkpoint, so that the next repeat does not pay for the
  /// writes of the last one. Only for a copy that is restorable; does nothing otherwise.
  Result<void> reset();
  /// Removes the copy, once the sweep is over.
  Result<void> remove();

  const postgres::Database& database() const { return database_; }
  /// For people: "a copy of "shop" with all of its rows".
  const std::string& description() const { return description_; }
  /// What the figures' reader must know.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  ResourceDatabase(postgres::Database database, std::optional<postgres::DatabaseCopy> copy,
                   std::string description, std::chrono::milliseconds timeout)
      : database_(std::move(database)),
        copy_(std::move(copy)),
        description_(std::move(description)),
        timeout_(timeout) {}
  Result<void> checkpoint() const;

  postgres::Database database_;
  std::optional<postgres::DatabaseCopy> copy_;
  std::string description_;
  std::chrono::milliseconds timeout_;
  bool checkpoint_allowed_ = true;
  std::vector<std::string> notes_{};
};

}  // namespace troupe::sweep
