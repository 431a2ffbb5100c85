#pragma once

#include <functional>
#include <memory>

#include "actors/database/database_pool.hpp"
#include "actors/database/database_session.hpp"
#include "actors/runtime/runtime.hpp"
#include "support/settings.hpp"

namespace troupe::actors {

/// Spawns the database actors, spread over the workers; they connect by themselves, each through
/// `open_session`, which is called from any worker; `on_schema_change` is called from any worker, too, when
/// PostgreSQL says that a table is no longer as its resource has it. `stop_pool` ends them. The pool must be
/// let go of before the runtime: with Execution::detached that waits for the actors' threads, which end with
/// the last reference to each.
std::shared_ptr<DatabasePool> start_pool(Runtime& runtime, OpenSession open_session, const Settings& settings,
                                         std::function<void()> on_schema_change = {});

/// Takes the pool's connections out of service and tells every actor to stop; does not wait.
void stop_pool(const DatabasePool& pool);

}  // namespace troupe::actors
