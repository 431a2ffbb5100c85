#pragma once

#include "postgres/database.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::cli {

/// Can root become server.user at all? If so, that user's home directory counts from now on: what libpq looks
/// for there (client keys, passwords) would not be readable in root's. Before anything is started.
Result<void> prepare_user(const ServerSettings& settings);

/// Started as root, this process becomes another user for good, with all its threads: server.user, or who the
/// embedded cluster runs as (only that one can stop it). Does nothing when it is not root or is to stay root.
/// Where nobody said who and the system does not let it (a container without other users), a warning tells
/// that it stays root. Call it once the port is bound. An error: the user does not exist or cannot be used,
/// which then cannot reach the database either.
Result<void> leave_root(const Settings& settings, const postgres::Database& database);

}  // namespace troupe::cli
