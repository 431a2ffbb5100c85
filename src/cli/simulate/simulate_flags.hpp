#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/common/client_flags.hpp"
#include "cli/common/command_line.hpp"
#include "cli/common/copy_flags.hpp"
#include "cli/common/field_flags.hpp"
#include "sim/load/workload_options.hpp"
#include "sim/output/run_outputs.hpp"
#include "sim/run.hpp"
#include "stand_in/stand_in.hpp"

namespace troupe::cli {

/// The flags of `troupe simulate`, as given.
struct SimulateFlags {
  SettingFlags settings;
  sim::WorkloadOptions workload;
  sim::OutputPaths outputs;
  std::string scenario = "shop";
  std::optional<std::string> transport;
  std::vector<std::string> targets;  ///< URL, or NAME=URL of one that the scenario names
  std::vector<std::string> fail_if;
  FieldFlags fields;
  std::string stand_in_database;  ///< as --stand-in-database=… says it; empty: PostgreSQL
  bool abort_on_fail = false;
  bool strict = false;
  std::optional<std::string> metrics_port;
  bool check = false;                 ///< one user, each task once, told in full
  std::optional<std::string> record;  ///< a file that grows while the run lasts
  std::optional<std::string> log;     ///< a file that gets a line of JSON a second; "-": standard output
  CopyFlags copy;
  ClientFlags client;
  bool use_table = false;  ///< works on database.table of a PostgreSQL that is not its own
  bool quiet = false;
  bool headless = false;  ///< Locust's: there is no other way here

  /// `this` must outlive the parse.
  void add_to(CLI::App& app);
  /// Nothing else may then be written there.
  bool uses_standard_output() const;
  /// The server that the run aims at; none: one of our own.
  std::optional<std::string> target() const;
};

/// What the flags mean: all that is checked before anything is started.
struct SimulatePlan {
  std::shared_ptr<const sim::Plan> plan;
  sim::PassOrFail pass_or_fail;
  bool http = false;               ///< else direct
  std::optional<std::string> url;  ///< of an outside server
  std::optional<stand_in::StandIn> stand_in;
  std::optional<std::uint16_t> metrics_port;  ///< 0: a free one
};

/// Every Error is a mistake on the command line, in one line.
Result<SimulatePlan> make_simulate_plan(const SimulateFlags& flags);

}  // namespace troupe::cli
