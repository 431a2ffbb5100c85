#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "support/result.hpp"
#include "support/time.hpp"

namespace troupe::sweep {

/// A command for /bin/sh.
struct ShellCommand {
  std::string flag;  ///< that it came from, for messages: "--before"
  std::string text;
  Duration timeout{};
  std::filesystem::path log;  ///< to which its output is appended
};

/// Runs a command in a process group of its own, with our environment and directory and nothing to read.
/// Blocks until its shell ends; what that leaves running in the background goes on. `give_up` is asked again
/// and again meanwhile: true ends the whole group, as the time limit does (SIGTERM, then SIGKILL). Error:
/// unavailable, one line with the reason and the last lines of its output.
Result<void> run_shell_command(const ShellCommand& command, const std::function<bool()>& give_up);

}  // namespace troupe::sweep
