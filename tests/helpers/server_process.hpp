#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "helpers/eventually.hpp"

namespace troupe::tests {

/// A directory every user may enter (PostgreSQL runs as another one under root), removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// How the binary is started. It gets a bare environment and the root directory, so that nothing of the
/// tester's own settings reaches it.
struct Launch {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment{};
  std::optional<rlim_t> open_files{};  ///< hard and soft limit
};

/// What a run of the binary left behind.
struct Finished {
  int code = 0;  ///< exit code; -N when signal N ended it
  std::string out, err;
};

/// The built binary at work. Dies with the test.
class TroupeProcess {
 public:
  explicit TroupeProcess(const Launch& launch);
  ~TroupeProcess();
  TroupeProcess(const TroupeProcess&) = delete;
  TroupeProcess& operator=(const TroupeProcess&) = delete;

  pid_t pid() const { return pid_; }
  std::string out() const;
  std::string err() const;
  void signal(int number) const;
  /// Nothing while it runs.
  std::optional<int> exit_code();
  /// Throws when it does not end in time.
  Finished finish(std::chrono::milliseconds timeout = patience);

 private:
  TemporaryDirectory files_;
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

/// Runs the binary to its end.
Finished run_troupe(const Launch& launch);

/// `troupe serve` on a free port. The constructor returns when it is ready and throws when it does not get
/// there.
class ServerProcess {
 public:
  explicit ServerProcess(std::vector<std::string> arguments = {});
  explicit ServerProcess(Launch launch);
  /// Stops it unless the test did. A server that does not end with 0 (it has crashed, or AddressSanitizer
  /// found a leak) then ends the whole test run: there is no test left that could fail.
  ~ServerProcess();

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return process_.pid(); }
  const std::string& ready_line() const { return ready_line_; }
  std::string log() const { return process_.err(); }
  TroupeProcess& process() { return process_; }

  /// Of its embedded cluster.
  pid_t postmaster() const;
  std::string conninfo() const;

  /// Asks it to end and returns the exit code.
  int stop(int signal = SIGTERM);
  /// kill -9
  void crash();

 private:
  TroupeProcess process_;
  std::string ready_line_;
  std::uint16_t port_ = 0;
  bool ended_ = false;  ///< by the test
};

}  // namespace troupe::tests
