#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/settings_load.hpp"

namespace troupe::cli {

/// What the flags for settings collect: shared by every sub-command, beside flags of its own.
struct SettingFlags {
  FlagValues values;
  std::optional<std::string> config;
  bool print_config = false;

  /// Adds one flag per row of the settings table, and --config and --print-config. `this` must outlive the
  /// parse. `renamed`: setting key -> flag, where a sub-command needs the usual name for something else.
  void add_to(CLI::App& app, const std::map<std::string_view, std::string>& renamed = {});
};

/// Adds the flags for where PostgreSQL is, for a command that knows no other setting. `values` outlives the
/// parse.
void add_database_flags(CLI::App& app, FlagValues& values);

/// Help that does not fit on a screen: --help tells the usual flags, --help-all every one of them.
struct LongHelp {
  std::vector<std::string> usual;
  std::string_view rest;  ///< what only --help-all says, below the app's footer
};

/// Parses a sub-command's arguments. Holds an exit code when there is nothing left to run: help was printed,
/// or a fault was.
std::optional<int> parse(CLI::App& app, std::vector<std::string> arguments, const LongHelp& long_help = {});

/// Runs a sub-command so far that its flags are known: `parse` shows them to `see`, and it ends there. One
/// thread at a time.
void describe(const std::function<int()>& command, const std::function<void(const CLI::App&)>& see);

/// Loads the settings, then prints them (--print-config) or starts the log and calls `body` with them.
int with_settings(const SettingFlags& flags, const std::function<int(const LoadedSettings&)>& body);

/// Prints "troupe: message" on standard error and returns exit_usage.
int usage_fault(const std::string& message);

}  // namespace troupe::cli
