#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace troupe::tests {

/// What /proc tells of a process; empty or 0 when it is gone.
std::vector<std::string> command_line(pid_t pid);
std::vector<pid_t> children_of(pid_t parent);
std::vector<pid_t> threads_of(pid_t pid);
std::size_t open_descriptors(pid_t pid);
/// Its memory that is in use (VmRSS).
long resident_kib(pid_t pid);
/// Of all its threads since it started, in seconds.
double processor_seconds(pid_t pid);
/// A zombie is no longer alive.
bool is_alive(pid_t pid);

/// The process and all its children at once (SIGKILL), as a power cut does it to a postmaster.
void kill_with_children(pid_t parent);

/// The postmaster that `server` started; 0 while there is none.
pid_t postmaster_of(pid_t server);
/// The libpq connection string of that postmaster.
std::string conninfo_of_postmaster(pid_t postmaster);

/// The postmaster and all its children, stopped (SIGSTOP) as long as this object lives.
class Paused {
 public:
  explicit Paused(pid_t postmaster);
  ~Paused();
  Paused(const Paused&) = delete;
  Paused& operator=(const Paused&) = delete;

 private:
  std::vector<pid_t> processes_;
};

}  // namespace troupe::tests
