#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/common/command_line.hpp"
#include "cli/common/copy_flags.hpp"
#include "cli/sweep/service_flags.hpp"
#include "sweep/plan/spec.hpp"

namespace troupe::cli {

/// The flags of `troupe sweep`, as given.
struct SweepFlags {
  SettingFlags settings;
  std::optional<std::string> arrivals, max_in_flight, max_backlog, timeout;  ///< of all cells
  std::optional<std::string> file, out, resume;
  std::optional<std::string> scenario, transport, model, users, arrival_rate;
  std::optional<std::string> duration, warm_up, repeats, seed, budget, stand_in, goal;
  std::vector<std::string> constraints;
  ServiceFlags service;
  CopyFlags copy;
  bool use_table = false;                   ///< works on the tables of --resources themselves
  std::optional<std::string> write_config;  ///< a new file for the recommended settings
  bool dry_run = false;
  bool yes = false;
  bool quiet = false;

  /// `this` must outlive the parse.
  void add_to(CLI::App& app);
};

/// The sweep file with the flags laid over it. Takes lists ("1,2,4") out of the settings' flags: they are
/// axes. Every Error is one line.
Result<sweep::Spec> make_spec(SweepFlags& flags);

}  // namespace troupe::cli
