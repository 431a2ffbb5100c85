#pragma once

#include <memory>

#include "actors/runtime/runtime.hpp"
#include "cli/common/startup.hpp"
#include "http/access_log/access_log.hpp"
#include "http/server/server.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

// What `serve` shows to those who watch it and to browsers, beside the API itself.

namespace troupe::cli {

/// What a server gets for `[access_log]` and `[cors]`. The access log's file is not opened yet.
http::ServerParts server_parts(actors::Runtime& runtime, const Settings& settings);

/// The admin listener; null when `[admin]` asks for none.
Result<std::unique_ptr<http::Server>> start_admin(actors::Runtime& runtime,
                                                  const std::shared_ptr<actors::DatabasePool>& pool,
                                                  const http::Server& server, const Settings& settings);

/// Blocks until a signal asks to stop. With a `server.shutdown_delay` the server then is not ready any more,
/// and serves on for so long, or until a second signal.
void wait_for_stop(StopSignal& stop, http::Server& server, const ServerSettings& settings);

}  // namespace troupe::cli
