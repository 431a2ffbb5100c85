#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "postgres/cluster/child_process.hpp"
#include "postgres/cluster/cluster_directories.hpp"
#include "postgres/cluster/server_binaries.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// All that is needed to run the server of one cluster.
struct ServerPlan {
  ServerBinaries binaries;
  std::filesystem::path data;
  std::filesystem::path runtime;  ///< the socket's directory
  std::filesystem::path log;      ///< stdout and stderr of everything we run
  std::optional<User> user;
  int max_connections = 100;
  bool temporary = false;  ///< need not survive a power failure while it is initialised

  /// As the role that serves, no superuser.
  std::string conninfo() const;
  std::string superuser_conninfo() const;
};

using Deadline = std::chrono::steady_clock::time_point;

/// Makes the cluster in the data directory unless it is there. An interrupted run of this leaves nothing that
/// hinders the next one. Ends early when `wake` becomes readable.
Result<void> initialise_cluster(const ServerPlan& plan, Deadline deadline, int wake);

/// Removes lock files that name a dead server, ends its leftover processes, starts the server and returns
/// when it answers. Without a deadline it waits as long as the server needs (for its recovery after a crash),
/// until `wake` becomes readable. Call it from the thread whose end shall end the server. The error of a
/// server that gives up carries the last complaint of its log.
Result<ChildProcess> start_postmaster(const ServerPlan& plan, std::optional<Deadline> deadline, int wake);

/// Fast shutdown for `timeout`, then immediate shutdown for 2 s, then death. Afterwards no process of the
/// cluster lives.
void stop_postmaster(const ServerPlan& plan, ChildProcess& postmaster, std::chrono::milliseconds timeout);

}  // namespace troupe::postgres
