#include "cli/serve/serve_watching.hpp"

#include "http/admin/admin_server.hpp"
#include "support/log_line.hpp"
#include "support/units.hpp"

namespace troupe::cli {

http::ServerParts server_parts(actors::Runtime& runtime, const Settings& settings) {
  http::ServerParts parts;
  if (!settings.access_log.file.empty())
    parts.access_log = std::make_shared<http::AccessLog>(runtime.workers(), settings.access_log);
  parts.cors = http::Cors(settings.cors);
  return parts;
}

Result<std::unique_ptr<http::Server>> start_admin(actors::Runtime& runtime,
                                                  const std::shared_ptr<actors::DatabasePool>& pool,
                                                  const http::Server& server, const Settings& settings) {
  if (settings.admin.port == 0) return std::unique_ptr<http::Server>();
  auto admin = http::start_admin_server(runtime, pool, server, settings);
  if (admin) log_info("metrics, health and /debug/actors on {}", (*admin)->url());
  return admin;
}

void wait_for_stop(StopSignal& stop, http::Server& server, const ServerSettings& settings) {
  const bool delays = settings.shutdown_delay.count() > 0 && !stop.requested();
  if (delays) stop.allow_delay();
  stop.wait();
  if (!delays) return;
  server.announce_stop();
  log_info("not ready any more, and serving on for {} (server.shutdown_delay)",
           format_duration(settings.shutdown_delay));
  stop.delay(settings.shutdown_delay);
}

}  // namespace troupe::cli
