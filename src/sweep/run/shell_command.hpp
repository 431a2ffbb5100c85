#pragma once

#include <functional>
#include <string>

#include "support/result.hpp"
#include "support/time.hpp"
#include "sweep/run/command_log.hpp"
#include "sweep/run/running_command.hpp"

namespace troupe::sweep {

/// A command for /bin/sh.
struct ShellCommand {
  std::string flag;  ///< that it came from, for messages: "--before"
  std::string text;
  Duration timeout{};
};

/// Runs a command in a process group of its own, with our environment and directory and nothing to read; what
/// it writes goes to `log`, and `running` knows of it meanwhile.
/// Blocks until its shell ends; what that leaves running in the background goes on. `give_up` is asked again
/// and again meanwhile: true ends the whole group, as the time limit does (SIGTERM, then SIGKILL). Error:
/// unavailable, one line with the reason and the last lines of its output.
Result<void> run_shell_command(const ShellCommand& command, CommandLog& log, RunningCommand& running,
                               const std::function<bool()>& give_up);

}  // namespace troupe::sweep
