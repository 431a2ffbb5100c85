#pragma once

#include <cstddef>
#include <memory>

#include "http/server/server.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// Connections that an admin listener has at most, of its own.
inline constexpr std::size_t admin_connections = 64;

/// Starts the admin listener that `[admin]` asks for, in `runtime` beside `server`, which it tells of and
/// which must outlive it. Its requests are in no access log.
Result<std::unique_ptr<Server>> start_admin_server(actors::Runtime& runtime,
                                                   std::shared_ptr<actors::DatabasePool> pool,
                                                   const Server& server, const Settings& settings);

}  // namespace troupe::http
