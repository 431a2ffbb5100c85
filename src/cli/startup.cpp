#include "cli/startup.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <iostream>
#include <thread>

#include "cli/cli.hpp"

namespace troupe::cli {

namespace {

// Descriptors that are not client connections: listener, epoll, timers, log, libpq.
constexpr std::size_t reserved_descriptors = 64;

}  // namespace

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  // The soft limit on open files is often far below the hard one.
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

void fit_descriptors(Settings& settings) {
  const auto limit = raise_descriptor_limit();
  if (limit == 0) return;
  const std::size_t reserve = reserved_descriptors + settings.database.pool_size;
  const std::size_t left = limit > 2 * reserve ? limit - reserve : limit / 2;
  if (left >= settings.server.max_connections) return;
  spdlog::warn("server.max_connections lowered to {}: the limit on open files is {}", left, limit);
  settings.server.max_connections = left;
}

bool wait_until_ready(const actors::DatabasePool& pool, std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!pool.any_ready() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return pool.any_ready();
}

int exit_code_of(const Error& error) {
  return error.code == ErrorCode::invalid_argument ? exit_usage : exit_database_away;
}

int fail(int code, const std::string& message) {
  std::cerr << "troupe: " << message << '\n';
  return code;
}

}  // namespace troupe::cli
