#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "postgres/cluster/child_process.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// How the embedded cluster is made and run.
struct ClusterOptions {
  std::filesystem::path data_dir;  ///< empty: a temporary one, removed when the cluster is destroyed
  int max_connections = 100;
  std::chrono::milliseconds start_timeout{30'000};
  std::chrono::milliseconds stop_timeout{10'000};
  /// Asked again and again during the start: true ends it, with an Error.
  std::function<bool()> give_up = [] { return false; };
};

/// A private PostgreSQL server: unix socket only, run as an unprivileged user when Troupe is root, a child of
/// this process that dies with it, however this process ends. A watcher thread starts it again on the same
/// data when it dies. All members may be called from any thread; the environment (PATH) is read once, by
/// `start()`.
class EmbeddedCluster {
 public:
  /// Returns when the server answers, at the latest after about `start_timeout`. Errors: unavailable when
  /// PostgreSQL is not installed (the message names the package), invalid_argument when data_dir cannot be
  /// used, io or timed_out with the server's own words.
  static Result<std::unique_ptr<EmbeddedCluster>> start(ClusterOptions options);

  /// Stops the server (fast shutdown within `stop_timeout`, then harder, 3 s more at most) and removes a
  /// temporary directory.
  ~EmbeddedCluster();
  EmbeddedCluster(const EmbeddedCluster&) = delete;
  EmbeddedCluster& operator=(const EmbeddedCluster&) = delete;

  /// A libpq connection string for it, as the owner of its database, who is no superuser; stays the same when
  /// the postmaster is started again.
  const std::string& conninfo() const;
  /// The same as its superuser (for tests and repairs).
  std::string superuser_conninfo() const;
  /// Who its processes run as; nothing: who this process was when it started them.
  const std::optional<User>& user() const;
  /// The postmaster's process id now (tests kill it); 0 while there is none.
  int postmaster_pid() const;

 private:
  struct Impl;
  explicit EmbeddedCluster(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace troupe::postgres
