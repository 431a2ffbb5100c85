#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "support/result.hpp"

namespace troupe::postgres {

/// How the embedded cluster is made and run.
struct ClusterOptions {
  std::filesystem::path data_dir;             ///< empty: a temporary one, removed when the cluster is destroyed
  int max_connections = 100;
  std::chrono::milliseconds start_timeout{30'000};
  std::chrono::milliseconds stop_timeout{10'000};
};

/// A private PostgreSQL server: unix socket only, run as an unprivileged user when Troupe is root, a child of this
/// process that dies with it. `start()` returns when it answers. The destructor stops it (fast shutdown) and removes a temporary
/// directory. A watcher thread starts it again on the same data when the postmaster dies.
class EmbeddedCluster {
 public:
  static Result<std::unique_ptr<EmbeddedCluster>> start(ClusterOptions options);
  ~EmbeddedCluster();
  EmbeddedCluster(const EmbeddedCluster&) = delete;
  EmbeddedCluster& operator=(const EmbeddedCluster&) = delete;

  /// A libpq connection string for it; stays the same when the postmaster is started again.
  const std::string& conninfo() const;
  /// The postmaster's process id now (tests kill it).
  int postmaster_pid() const;

 private:
  struct Impl;
  explicit EmbeddedCluster(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace troupe::postgres
