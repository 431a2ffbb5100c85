#include "sweep/run/running_command.hpp"

#include <sys/wait.h>

#include <csignal>

namespace troupe::sweep {

Result<pid_t> RunningCommand::start(const std::function<Result<pid_t>()>& spawn) {
  const std::lock_guard lock(mutex_);
  if (closed_) return Error{ErrorCode::unavailable, "this process is about to end"};
  auto pid = spawn();
  if (pid) group_ = *pid;
  return pid;
}

std::optional<int> RunningCommand::status_at_end() {
  const std::lock_guard lock(mutex_);
  int status = 0;
  const auto got = ::waitpid(group_, &status, WNOHANG);
  if (got == 0) return std::nullopt;
  group_ = 0;
  return got > 0 ? status : -1;
}

void RunningCommand::end_for_good() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  if (group_ > 0) ::kill(-group_, SIGKILL);
}

}  // namespace troupe::sweep
