#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "postgres/copy/copy_session.hpp"
#include "postgres/copy/rows/progress.hpp"
#include "postgres/copy/rows/sample.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// What is copied, and how.
struct CopyOptions {
  std::vector<std::string> tables;  ///< quoted names, ready for SQL; what they refer to comes along
  CopyAmount amount{};
  bool restorable = false;                   ///< `reset` will be called: that takes the space of two copies
  std::uint64_t seed = 1;                    ///< of made-up rows
  std::chrono::milliseconds timeout{5'000};  ///< to connect
  GiveUp give_up = [] { return false; };
  Tell tell = [](const std::string&) {};
};

/// A database of our own beside somebody's, on the same server, with some of its tables and rows: to be
/// written to as one likes. It is removed with this object; what a crash leaves behind `find_copies` finds.
/// The other database is only read. Used by one thread; all calls block.
class DatabaseCopy {
 public:
  /// Tells the size first, and how it goes on whenever that takes more than two seconds. Errors leave nothing
  /// behind: invalid_argument where the user may not create databases or a table cannot be copied,
  /// unavailable where the disk is full or the server away, timed_out when `give_up` said so.
  static Result<DatabaseCopy> make(const std::string& conninfo, CopyOptions options);
  ~DatabaseCopy();
  DatabaseCopy(DatabaseCopy&&) noexcept;
  DatabaseCopy& operator=(DatabaseCopy&&) = delete;

  /// Of the copy; the same after each reset.
  const std::string& conninfo() const;
  /// For people: `a copy of "shop" (about 8 % of its rows)`.
  const std::string& description() const;
  bool restorable() const;
  /// Makes the copy again as it was at first, if it is restorable. Nobody else may be connected to it: who
  /// is, is cut off.
  Result<void> reset();
  /// What the destructor does, for whoever wants to know whether it worked.
  Result<void> remove();

 private:
  class Maker;
  struct State;
  explicit DatabaseCopy(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace troupe::postgres
