#include "helpers/shared_cluster.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <stdexcept>

#include "postgres/wire/blocking_session.hpp"

namespace troupe::tests {

using namespace std::chrono_literals;

postgres::EmbeddedCluster& shared_cluster() {
  // Statics end in the reverse order of their making, and the cluster logs to its end.
  static const auto keeps_the_log_alive = spdlog::default_logger();
  static const auto cluster = postgres::EmbeddedCluster::start({}).value();
  return *cluster;
}

std::string fresh_database() {
  static std::atomic<int> count = 0;
  const std::string name = "test_" + std::to_string(++count);
  const std::string conninfo = shared_cluster().superuser_conninfo();
  auto session = postgres::BlockingSession::open(conninfo, 30s).value();
  const auto made = session.run("CREATE DATABASE " + name).value();
  if (const auto* error = std::get_if<postgres::StatementError>(&made))
    throw std::runtime_error(error->message);
  // The last of two equal keywords wins.
  return conninfo + " dbname=" + name;
}

}  // namespace troupe::tests
