#pragma once

#include <sys/types.h>

#include <functional>
#include <mutex>
#include <optional>

#include "support/result.hpp"

namespace troupe::sweep {

/// The shell command that a sweep waits for, so that who ends this process at once can take it along.
/// Callable from any thread.
class RunningCommand {
 public:
  /// `spawn` starts the leader of a process group. Error: its own, or unavailable behind end_for_good.
  Result<pid_t> start(const std::function<Result<pid_t>()>& spawn);
  /// Its status as waitpid gives it, once it has ended; -1: nobody knows.
  std::optional<int> status_at_end();
  /// Kills it with its whole group, and lets none begin after it.
  void end_for_good();

 private:
  std::mutex mutex_;  // a group is killed before its number can be another's
  pid_t group_ = 0;   ///< 0: none runs
  bool closed_ = false;
};

}  // namespace troupe::sweep
