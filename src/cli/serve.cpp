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
#include "cli/memory_fit.hpp"
#include "cli/resource_reload.hpp"
#include "cli/served_routes.hpp"
#include "cli/startup.hpp"
#include "http/server/server.hpp"
#include "postgres/database.hpp"
#include "support/container_limits.hpp"
#include "support/log.hpp"
#include "support/settings_table.hpp"

namespace troupe::cli {

namespace {

// Serves until a signal comes. The runtime and the database outlive it.
int serve_until_signal(StopSignal& stop, actors::Runtime& runtime,
                       const std::shared_ptr<actors::DatabasePool>& pool, const Settings& settings,
                       const postgres::Database& database, ResourceReload& reload, ServedRoutes& routes) {
  const auto give_up = [&] { return stop.requested(); };
  if (!actors::wait_until_ready(*pool, 1, settings.database.connect_timeout, give_up)) {
    if (stop.requested()) return exit_ok;
    return fail(exit_database_away, "PostgreSQL did not answer within database.connect_timeout");
  }
  auto router = routes.begin(database.served());
  if (!router) return fail(exit_usage, router.error().message);
  auto server = http::Server::start(runtime, pool, *std::move(router), settings.server,
                                    {.on_unknown_label = [&] { reload.ask(); }});
  if (!server) return fail(exit_failure, server.error().message);
  if (auto left = leave_root(settings, database); !left)
    return fail(exit_code_of(left.error()), left.error().message);
  reload.start([&](const postgres::Served* served) {
    if (auto again = routes.again(served)) (*server)->replace_routes(*std::move(again));
  });
  std::cout << "troupe serves on " << (*server)->url() << " (" << runtime.workers().size() << " workers with "
            << find_setting("workers.io")->read(settings) << ", " << pool->members().size()
            << " connections to " << database.description() << ", batching "
            << find_setting("database.batching")->read(settings) << ")" << std::endl;
  stop.wait();
  spdlog::info("stopping");
  reload.stop();
  (*server)->stop();
  return exit_ok;
}

// SIGHUP: what can be changed while serving is the log's level, what the database's tables are like and who
// may do what; the rest is told.
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
  ServedRoutes routes(settings);
  StopSignal stop({}, [&] {
    read_settings_again(loaded.settings, load_again);
    routes.ask_for_rules();
    if (auto* reload = reload_at_hang_up.load()) reload->ask();
  });
  std::signal(SIGPIPE, SIG_IGN);
  settings.database.pool_size =
      actors::pool_size_of(settings.database, actors::worker_count(settings.workers));
  if (settings.database.pool_size == 1 && settings.database.lanes == LaneMode::automatic)
    spdlog::info("one connection carries everything: reads and lists wait for commits (database.pool_size)");
  fit_descriptors(settings);
  if (const auto told = memory_that_does_not_fit(settings, container_limits().memory)) spdlog::warn(*told);
  if (auto known = check_user(settings.server); !known)
    return fail(exit_code_of(known.error()), known.error().message);
  if (auto read = routes.read_rules(); !read) return fail(exit_code_of(read.error()), read.error().message);
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
  const int code = serve_until_signal(stop, runtime, pool, settings, *database, *reload, routes);
  reload_at_hang_up = nullptr;
  actors::stop_pool(*pool);
  return code;
}

}  // namespace troupe::cli
