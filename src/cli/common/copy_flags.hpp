#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "postgres/copy/copy_session.hpp"
#include "postgres/copy/rows/sample.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"
#include "sweep/run/resource_database.hpp"

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

/// What a run on somebody's tables is to do with them.
struct TableUse {
  CopyFlags flags;
  bool use_table = false;   ///< --use-table
  bool writes = false;      ///< the scenario does
  bool restorable = false;  ///< a copy is brought to its first state between repeats
  std::uint64_t seed = 1;   ///< of made-up rows
};

/// Opens what settings.resources names in the database at settings.url, in a copy or not. Before it makes one
/// it looks for copies that a crash left, about which it asks on a terminal. Says on `out` what it does.
/// Blocks. Errors as of DatabaseCopy::make.
Result<sweep::ResourceDatabase> open_tables(const DatabaseSettings& settings, const TableUse& use,
                                            std::ostream& out, const postgres::GiveUp& give_up);

}  // namespace troupe::cli
