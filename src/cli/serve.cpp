#include "cli/serve.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <thread>

#include "actors/runtime.hpp"
#include "cli/cli.hpp"
#include "http/server.hpp"
#include "postgres/database.hpp"

namespace troupe::cli {

namespace {

// Descriptors that are not client connections: listener, epoll, timers, log, libpq.
constexpr std::size_t reserved_descriptors = 64;

// The soft limit on open files is often far below the hard one: raise it, and take no more connections than
// fit.
void fit_descriptors(Settings& settings) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t reserve = reserved_descriptors + settings.database.pool_size;
  const std::size_t left = limit.rlim_cur > 2 * reserve ? limit.rlim_cur - reserve : limit.rlim_cur / 2;
  if (left >= settings.server.max_connections) return;
  spdlog::warn("server.max_connections lowered to {}: the limit on open files is {}", left, limit.rlim_cur);
  settings.server.max_connections = left;
}

bool wait_until_ready(const actors::DatabasePool& pool, std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!pool.any_ready() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return pool.any_ready();
}

int fail(int code, const std::string& message) {
  std::cerr << "troupe: " << message << '\n';
  return code;
}

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
  if (!database) {
    const bool usage = database.error().code == ErrorCode::invalid_argument;
    return fail(usage ? exit_usage : exit_database_away, database.error().message);
  }
  actors::Runtime runtime(settings.workers);
  const auto pool = runtime.make_pool(database->conninfo(), database->table(), settings);
  const int code = serve_until_signal(main_loop, runtime, pool, settings, *database);
  actors::Runtime::stop_pool(*pool);
  return code;
}

}  // namespace troupe::cli
