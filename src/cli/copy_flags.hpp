#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>

#include "postgres/copy/database_copy.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::cli {

/// Where a run on somebody's tables (--resources) works.
enum class WorkPlace {
  copy,       ///< a database that is made for the run
  original,   ///< the tables themselves: --use-table
  read_only,  ///< the tables themselves, in sessions that cannot write: --read-only
};

/// The flags about copies, as given.
struct CopyFlags {
  std::optional<std::string> rows, sample;
  bool read_only = false;

  /// `this` must outlive the parse.
  void add_to(CLI::App& app, const std::string& group);
  bool any() const { return rows || sample || read_only; }
};

/// What they mean. `use_table`: --use-table was given. `writes`: the scenario changes rows. Error: one line.
Result<WorkPlace> work_place(const CopyFlags& flags, bool use_table, bool writes);
Result<postgres::CopyAmount> copy_amount(const CopyFlags& flags);

/// Makes a copy of the tables that settings.resources names (without it: of all), having looked for copies
/// that a crash left, about which it asks on a terminal. Says on `out` what it does. Blocks. Errors as of
/// DatabaseCopy::make.
Result<postgres::DatabaseCopy> make_copy(const DatabaseSettings& settings, const postgres::CopyAmount& amount,
                                         bool restorable, std::uint64_t seed, std::ostream& out,
                                         const postgres::GiveUp& give_up);

}  // namespace troupe::cli
