#pragma once

#include <chrono>
#include <string>

#include "actors/database_pool.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

// What every sub-command that runs a server of its own does at its start.

namespace troupe::cli {

/// Raises the soft limit on open files to the hard one; how many this process may have open now.
std::size_t raise_descriptor_limit();

/// Raises the limit on open files, and lowers server.max_connections, with a warning, to what fits.
void fit_descriptors(Settings& settings);

/// Waits until one connection of the pool works; false when none does in time.
bool wait_until_ready(const actors::DatabasePool& pool, std::chrono::milliseconds timeout);

/// exit_usage for input at fault, else exit_database_away.
int exit_code_of(const Error& error);

/// Prints "troupe: message" on standard error and returns `code`.
int fail(int code, const std::string& message);

}  // namespace troupe::cli
