#pragma once

#include <optional>
#include <string>
#include <vector>

#include "helpers/server_process.hpp"
#include "postgres/cluster/child_process.hpp"
#include "postgres/cluster/server_binaries.hpp"

namespace troupe::tests {

/// A PostgreSQL of a test's own on a unix socket, which a test kills, starts again and promotes at the moment
/// that it chooses; nobody else does. To be made, started and ended by one thread. Throws when something does
/// not work.
class OwnPostgres {
 public:
  /// A new one that runs.
  OwnPostgres();
  /// A standby of `primary` that runs and follows it; `name`: its application_name there.
  OwnPostgres(const OwnPostgres& primary, const std::string& name);
  ~OwnPostgres();
  OwnPostgres(const OwnPostgres&) = delete;
  OwnPostgres& operator=(const OwnPostgres&) = delete;

  /// Returns when the process runs: it may still have to recover. `settings`: "name=value".
  void start(const std::vector<std::string>& settings = {});
  /// Waits until it accepts connections.
  void wait_until_up() const;
  /// kill -9, the postmaster and all its children at once. What was started is started again by `start`.
  void kill();
  /// Of a standby: it hears no more of its primary. Returns when that knows.
  void lose_touch(const OwnPostgres& primary) const;
  /// Makes a standby a primary; returns when it takes writes.
  void promote() const;

  pid_t postmaster() const { return process_ ? process_->pid() : 0; }
  std::string conninfo() const { return "host=" + directory() + " port=5432 user=postgres dbname=postgres"; }
  /// Of its socket.
  std::string directory() const { return files_.path().string(); }

 private:
  std::string data() const { return directory() + "/data"; }
  std::string program(const char* name) const;
  std::string log() const;
  troupe::postgres::ChildProcess spawn(std::vector<std::string> arguments) const;
  void run(std::vector<std::string> arguments) const;
  void give_the_directory_away() const;

  TemporaryDirectory files_;
  std::optional<troupe::postgres::User> user_;
  troupe::postgres::ServerBinaries binaries_;
  std::optional<troupe::postgres::ChildProcess> process_;
};

/// What --database-url takes for whichever of the two accepts writes.
std::string url_of_writable(const OwnPostgres& one, const OwnPostgres& other);

}  // namespace troupe::tests
