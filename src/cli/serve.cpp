#include "cli/serve.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include "actors/runtime.hpp"
#include "cli/cli.hpp"
#include "cli/startup.hpp"
#include "http/server.hpp"
#include "postgres/database.hpp"

namespace troupe::cli {

namespace {

const char* name_of(Batching batching) {
  switch (batching) {
    case Batching::coalesce:
      return "coalesce";
    case Batching::pipeline:
      return "pipeline";
    case Batching::off:
      break;
  }
  return "off";
}

// Serves until a signal comes. The runtime and the database outlive it.
int serve_until_signal(boost::asio::io_context& main_loop, actors::Runtime& runtime,
                       const std::shared_ptr<actors::DatabasePool>& pool, const Settings& settings,
                       const postgres::Database& database) {
  if (!wait_until_ready(*pool, settings.database.connect_timeout)) {
    return fail(exit_database_away, "PostgreSQL did not answer within database.connect_timeout");
  }
  auto server = http::Server::start(runtime, pool, settings.server);
  if (!server) return fail(exit_failure, server.error().message);
  std::cout << "troupe serves on " << (*server)->url() << " (" << runtime.workers().size() << " workers, "
            << pool->members().size() << " connections to " << database.description() << ", batching "
            << name_of(settings.database.batching) << ")" << std::endl;
  main_loop.run();  // until the first signal
  spdlog::info("stopping");
  (*server)->stop();
  return exit_ok;
}

}  // namespace

int run_serve(const LoadedSettings& loaded) {
  auto settings = loaded.settings;
  // Before anything is started: a signal that comes meanwhile is not lost, and a second one ends the process
  // at once.
  boost::asio::io_context main_loop;
  boost::asio::signal_set signals(main_loop, SIGINT, SIGTERM);
  signals.async_wait([&](boost::system::error_code ec, int) {
    if (!ec) signals.clear();
  });
  std::signal(SIGPIPE, SIG_IGN);
  if (settings.database.pool_size == 0) settings.database.pool_size = actors::worker_count(settings.workers);
  fit_descriptors(settings);

  auto database = postgres::Database::open(settings.database, settings.database.pool_size);
  if (!database) return fail(exit_code_of(database.error()), database.error().message);
  actors::Runtime runtime(settings.workers);
  const auto pool = runtime.make_pool(database->conninfo(), database->table(), settings);
  const int code = serve_until_signal(main_loop, runtime, pool, settings, *database);
  actors::Runtime::stop_pool(*pool);
  return code;
}

}  // namespace troupe::cli
