#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "support/result.hpp"

namespace troupe::sweep {

/// One process, from /proc.
struct ProcessFacts {
  int parent = 0;
  std::chrono::nanoseconds used{};  ///< CPU time of itself and of its children that it has waited for
  std::string name;                 ///< the first 15 letters of what it is called
  std::string program;              ///< the file name of its first argument
};
using ProcessTable = std::map<int, ProcessFacts>;  ///< by process id

/// CPU time of `roots` and all that descend from them, without this process `self`. Pure.
std::chrono::nanoseconds used_by(const ProcessTable& processes, const std::set<int>& roots, int self);

/// The inodes of the sockets that listen on `port`, from the content of /proc/net/tcp or tcp6. Pure.
std::set<std::string> listening_inodes(std::string_view proc_net_tcp, std::uint16_t port);

/// Whose CPU time a service's is: "port" (who listens on the target's port), "process:NAME" or the name of a
/// file that begins with a process id. Blocks for a reading of /proc; any one thread.
class ServiceProcesses {
 public:
  /// `cpu_of` as --cpu-of says it; `port`: the target's.
  ServiceProcesses(std::string cpu_of, std::uint16_t port) : cpu_of_(std::move(cpu_of)), port_(port) {}

  /// CPU time that they have used so far. Error: unavailable when there is no such process, or none that
  /// this user may look at.
  Result<std::chrono::nanoseconds> used() const;

 private:
  Result<std::set<int>> roots(const ProcessTable& processes) const;
  Result<std::set<int>> from_file() const;

  std::string cpu_of_;
  std::uint16_t port_;
};

}  // namespace troupe::sweep
