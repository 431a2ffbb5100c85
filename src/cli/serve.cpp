#include "cli/serve.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <iostream>

#include "actors/database/database_pool_start.hpp"
#include "actors/database/libpq_session.hpp"
#include "actors/runtime/runtime.hpp"
#include "cli/cli.hpp"
#include "cli/leave_root.hpp"
#include "cli/resource_reload.hpp"
#include "cli/serve_watching.hpp"
#include "cli/startup.hpp"
#include "http/api/routes.hpp"
#include "http/server/server.hpp"
#include "postgres/database.hpp"
#include "support/log.hpp"
#include "support/settings_table.hpp"

namespace troupe::cli {

namespace {

// Serves until a signal comes. The runtime and the database outlive it.
int serve_until_signal(StopSignal& stop, actors::Runtime& runtime,
                       const std::shared_ptr<actors::DatabasePool>& pool, const Settings& settings,
                       const postgres::Database& database, ResourceReload& reload,
                       const http::ServerParts& parts) {
  const auto give_up = [&] { return stop.requested(); };
  if (!actors::wait_until_ready(*pool, 1, settings.database.connect_timeout, give_up)) {
    if (stop.requested()) return exit_ok;
    return fail(exit_database_away, "PostgreSQL did not answer within database.connect_timeout");
  }
  const auto router_of = [&](const postgres::Served& served) {
    return http::api_router(served.resources, settings.database.max_batch, served.queries,
                            settings.admin.port == 0);
  };
  auto server = http::Server::start(runtime, pool, router_of(database.served()), settings.server,
                                    {.on_unknown_label = [&] { reload.ask(); }}, parts);
  if (!server) return fail(exit_failure, server.error().message);
  const auto admin = start_admin(runtime, pool, **server, settings);
  if (!admin) return fail(exit_failure, admin.error().message);
  if (auto left = leave_root(settings, database); !left)
    return fail(exit_code_of(left.error()), left.error().message);
  if (parts.access_log) {
    if (auto opened = parts.access_log->open(); !opened) return fail(exit_usage, opened.error().message);
  }
  reload.start([&](const postgres::Served& served) { (*server)->replace_routes(router_of(served)); });
  std::cout << "troupe serves on " << (*server)->url() << " (" << runtime.workers().size() << " workers with "
            << find_setting("workers.io")->read(settings) << ", " << pool->members().size()
            << " connections to " << database.description() << ", batching "
            << find_setting("database.batching")->read(settings) << ")" << std::endl;
  wait_for_stop(stop, **server, settings.server);
  spdlog::info("stopping");
  reload.stop();
  (*server)->stop();
  if (*admin) (*admin)->stop();
  if (parts.access_log) parts.access_log->stop();
  return exit_ok;
}

// SIGHUP: what can be changed while serving is the log's level and what the database's tables are like; the
// rest is told.
void read_settings_again(const Settings& in_force,
                         const std::function<Result<LoadedSettings>()>& load_again) {
  const auto loaded = load_again();
  if (!loaded) return spdlog::error("SIGHUP: nothing was changed: {}", loaded.error().message);
  start_log(loaded->settings.log);
  spdlog::info("SIGHUP: the settings were read again");
  for (const auto& setting : settings_table()) {
    if (setting.key == "log.level" || setting.read(loaded->settings) == setting.read(in_force)) continue;
    spdlog::warn("SIGHUP: {} is another one now: it needs a restart", setting.key);
  }
}

}  // namespace

int run_serve(const LoadedSettings& loaded, const std::function<Result<LoadedSettings>()>& load_again) {
  auto settings = loaded.settings;
  // Before anything is started: a signal that comes meanwhile is not lost.
  std::atomic<ResourceReload*> reload_at_hang_up{nullptr};
  std::atomic<http::AccessLog*> log_at_hang_up{nullptr};
  StopSignal stop({}, [&] {
    read_settings_again(loaded.settings, load_again);
    if (auto* log = log_at_hang_up.load()) log->reopen();
    if (auto* reload = reload_at_hang_up.load()) reload->ask();
  });
  std::signal(SIGPIPE, SIG_IGN);
  settings.database.pool_size =
      actors::pool_size_of(settings.database, actors::worker_count(settings.workers));
  if (settings.database.pool_size == 1 && settings.database.lanes == LaneMode::automatic)
    spdlog::info("one connection carries everything: reads and lists wait for commits (database.pool_size)");
  fit_descriptors(settings);
  if (auto known = check_user(settings.server); !known)
    return fail(exit_code_of(known.error()), known.error().message);
  const auto io = actors::usable_io(settings.workers.io);
  if (!io) return fail(exit_code_of(io.error()), io.error().message);
  settings.workers.io = *io;

  // What waits for another PostgreSQL cannot be interrupted.
  auto at_once = settings.database.url.empty() ? nullptr : stop.exits_at_once(exit_ok);
  auto database = postgres::Database::open(settings.database, settings.database.pool_size,
                                           [&] { return stop.requested(); });
  at_once.reset();
  if (stop.requested()) return exit_ok;
  if (!database) return fail(exit_code_of(database.error()), database.error().message);
  actors::Runtime runtime(settings.workers);
  const auto reload = std::make_shared<ResourceReload>(*database);
  reload_at_hang_up = reload.get();
  const auto pool = actors::start_pool(runtime, actors::libpq_sessions(database->conninfo()), settings,
                                       [reload] { reload->ask(); });
  const auto parts = server_parts(runtime, settings);
  log_at_hang_up = parts.access_log.get();
  const int code = serve_until_signal(stop, runtime, pool, settings, *database, *reload, parts);
  reload_at_hang_up = nullptr;
  log_at_hang_up = nullptr;
  actors::stop_pool(*pool);
  return code;
}

}  // namespace troupe::cli
