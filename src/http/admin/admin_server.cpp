#include "http/admin/admin_server.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "http/admin/debug_actors.hpp"
#include "http/api/endpoints/endpoints.hpp"
#include "http/server/router.hpp"

namespace troupe::http {

namespace {

using namespace std::chrono_literals;

Router admin_router() {
  std::vector<Endpoint> endpoints{
      {Method::get, "/health/live", "GET /health/live", begin_health_live},
      {Method::get, "/health/ready", "GET /health/ready", begin_health_ready},
      {Method::get, "/metrics", "GET /metrics", begin_metrics},
      {Method::get, "/debug/actors", "GET /debug/actors", begin_debug_actors},
  };
  return Router(std::move(endpoints));
}

/// Who asks here sends nothing to speak of.
ServerSettings admin_settings(const Settings& settings) {
  auto made = settings.server;
  made.host = settings.admin.host;
  made.port = settings.admin.port;
  made.allowed_hosts = "auto";
  made.connection_actors = 0;
  made.server_timing = false;
  made.max_connections = admin_connections;
  made.body_limit = std::min<std::size_t>(made.body_limit, 64 * 1024);
  made.memory_limit = 4 * 1024 * 1024;
  made.shutdown_timeout = std::min<std::chrono::milliseconds>(made.shutdown_timeout, 1s);
  return made;
}

}  // namespace

Result<std::unique_ptr<Server>> start_admin_server(actors::Runtime& runtime,
                                                   std::shared_ptr<actors::DatabasePool> pool,
                                                   const Server& server, const Settings& settings) {
  ServerParts parts;
  parts.watched = server.context();
  auto started =
      Server::start(runtime, std::move(pool), admin_router(), admin_settings(settings), {}, std::move(parts));
  if (started) return started;
  // What the listener proposes is about the other one.
  const auto& why = started.error().message;
  return Error{started.error().code, "the admin listener: " + why.substr(0, why.find(" (")) +
                                         " (see --admin-host and --admin-port)"};
}

}  // namespace troupe::http
