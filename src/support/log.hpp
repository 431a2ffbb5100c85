#pragma once

#include "support/settings.hpp"

namespace troupe {

/// Sends spdlog's default logger to standard error, one line per message, with colours only on a terminal.
/// Call once, before other threads start; standard output stays free for results.
void start_log(const LogSettings& settings);

/// From now on messages that are less serious are left out. From any thread, while others log.
void change_log_level(const LogSettings& settings);

/// Instead of start_log(): lines to standard output, indented below what a world in virtual time tells.
void log_without_times();

}  // namespace troupe
