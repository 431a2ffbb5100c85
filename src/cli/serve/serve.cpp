#include "cli/serve/serve.hpp"

#include <spdlog/fmt/fmt.h>

#include <csignal>
#include <iostream>

#include "actors/database/database_pool_start.hpp"
#include "actors/database/libpq_session.hpp"
#include "actors/runtime/runtime.hpp"
#include "cli/common/database_fault.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/startup.hpp"
#include "cli/serve/hang_up.hpp"
#include "cli/serve/leave_root.hpp"
#include "cli/serve/memory_fit.hpp"
#include "cli/serve/resource_reload.hpp"
#include "cli/serve/serve_watching.hpp"
#include "cli/serve/served_routes.hpp"
#include "http/server/server.hpp"
#include "postgres/database.hpp"
#include "support/container_limits.hpp"
#include "support/log_line.hpp"
#include "support/notify_manager.hpp"
#include "support/number_formats.hpp"
#include "support/settings_table.hpp"

namespace troupe::cli {

namespace {

/// What a server is put together from. All of it outlives the server.
struct Serving {
  StopSignal& stop;
  actors::Runtime& runtime;
  const std::shared_ptr<actors::DatabasePool>& pool;
  const Settings& settings;
  const postgres::Database& database;
  ResourceReload& reload;
  ServedRoutes& routes;
  const NotifyManager& manager;
  http::ServerParts parts;
};

void say_ready(const Serving& serving, const http::Server& server) {
  std::cout << fmt::format("troupe serves on {} ({} with {}, {} to {}, batching {})", server.url(),
                           counted(serving.runtime.workers().size(), "worker"),
                           find_setting("workers.io")->read(serving.settings),
                           counted(serving.pool->members().size(), "connection"),
                           serving.database.description(),
                           find_setting("database.batching")->read(serving.settings))
            << std::endl;
}

int serve_until_signal(const Serving& serving) {
  auto& [stop, runtime, pool, settings, database, reload, routes, manager, parts] = serving;
  const auto give_up = [&] { return serving.stop.requested(); };
  if (!actors::wait_until_ready(*pool, 1, settings.database.connect_timeout, give_up)) {
    if (stop.requested()) return exit_ok;
    return fail(exit_database_away, "PostgreSQL did not answer within database.connect_timeout");
  }
  auto router = routes.begin(database.served());
  if (!router) return fail(exit_usage, router.error().message);
  auto server = http::Server::start(runtime, pool, *std::move(router), settings.server,
                                    {.on_unknown_label = [&] { serving.reload.ask(); }}, parts);
  if (!server) return fail(exit_failure, server.error().message);
  const auto admin = start_admin(runtime, pool, **server, settings);
  if (!admin) return fail(exit_failure, admin.error().message);
  if (auto left = leave_root(settings, database); !left)
    return fail(exit_code_of(left.error()), left.error().message);
  if (parts.access_log) {
    if (auto opened = parts.access_log->open(); !opened) return fail(exit_usage, opened.error().message);
  }
  reload.start([&](const postgres::Served* served) {
    if (auto again = serving.routes.again(served)) (*server)->replace_routes(*std::move(again));
  });
  say_ready(serving, **server);
  manager.ready();
  wait_for_stop(stop, **server, settings.server);
  const bool temporary = settings.database.url.empty() && settings.database.data_dir.empty();
  log_info("stopping{}", temporary ? "; the data were temporary: --data-dir keeps them" : "");
  manager.stopping();
  reload.stop();
  (*server)->stop();
  if (*admin) (*admin)->stop();
  if (parts.access_log) parts.access_log->stop();
  return exit_ok;
}

/// What the settings leave to the machine; an error is the user's.
Result<void> fit_settings(Settings& settings) {
  settings.database.pool_size =
      actors::pool_size_of(settings.database, actors::worker_count(settings.workers));
  if (settings.database.pool_size == 1 && settings.database.lanes == LaneMode::automatic)
    log_info("one connection carries everything: reads and lists wait for commits (database.pool_size)");
  fit_descriptors(settings);
  if (const auto told = memory_that_does_not_fit(settings, container_limits().memory)) log_warn("{}", *told);
  if (auto known = prepare_user(settings.server); !known) return known;
  const auto io = actors::usable_io(settings.workers.io);
  if (!io) return io.error();
  settings.workers.io = *io;
  return {};
}

Result<std::shared_ptr<http::ServerTls>> make_tls(const Settings& settings) {
  auto tls = http::ServerTls::make(settings.tls, settings.server.host);
  if (tls && settings.tls.mode == TlsMode::self_signed)
    log_info("the certificate was made for this run: no client trusts it; its SHA-256 fingerprint is {}",
             (*tls)->fingerprint());
  return tls;
}

}  // namespace

int run_serve(const LoadedSettings& loaded, const std::function<Result<LoadedSettings>()>& load_again) {
  const NotifyManager manager;  // before there are threads
  auto settings = loaded.settings;
  const auto tls = make_tls(settings);
  if (!tls) return fail(exit_code_of(tls.error()), tls.error().message);
  ServedRoutes routes(settings);
  if (auto read = routes.read_rules(); !read) return fail(exit_code_of(read.error()), read.error().message);
  // Before anything is started: a signal that comes meanwhile is not lost.
  HangUp hang_up(loaded.settings, load_again, *tls, routes);
  StopSignal stop({}, [&] { hang_up(); });
  std::signal(SIGPIPE, SIG_IGN);
  if (auto fit = fit_settings(settings); !fit) return fail(exit_code_of(fit.error()), fit.error().message);

  // What waits for another PostgreSQL cannot be interrupted.
  auto at_once = settings.database.url.empty() ? nullptr : stop.exits_at_once(exit_ok);
  auto database = postgres::Database::open(settings.database, settings.database.pool_size,
                                           [&] { return stop.requested(); });
  at_once.reset();
  if (stop.requested()) return exit_ok;
  if (!database) return database_fault(database.error(), loaded, Without::brings_its_own);
  actors::Runtime runtime(settings.workers);
  const auto reload = std::make_shared<ResourceReload>(*database);
  hang_up.reload = reload.get();
  const auto pool = actors::start_pool(runtime, actors::libpq_sessions(database->conninfo()), settings,
                                       [reload] { reload->ask(); });
  auto parts = server_parts(runtime, settings);
  parts.tls = *tls;
  parts.limits = settings.limits;
  hang_up.access_log = parts.access_log.get();
  const int code = serve_until_signal(
      {stop, runtime, pool, settings, *database, *reload, routes, manager, std::move(parts)});
  hang_up.reload = nullptr;
  hang_up.access_log = nullptr;
  actors::stop_pool(*pool);
  return code;
}

}  // namespace troupe::cli
