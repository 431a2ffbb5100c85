#include "sweep/run/shell_command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <spdlog/fmt/fmt.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

#include "postgres/cluster/child_process.hpp"

namespace troupe::sweep {
namespace {

using Clock = TimePoint::clock;
using postgres::FileDescriptor;

// How soon Ctrl-C is heard.
constexpr int look_every_ms = 20;
// What SIGTERM has time for before SIGKILL.
constexpr std::chrono::seconds grace{2};

Error system_fault(std::string_view doing, int error_number) {
  return {ErrorCode::io, fmt::format("cannot {}: {}", doing, std::generic_category().message(error_number))};
}

/// A shell at work: the leader of its group.
class Shell {
 public:
  Shell(pid_t pid, RunningCommand& running)
      : pid_(pid), running_(running), handle_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}

  /// Whether it has ended; waits a little for that.
  bool ended() {
    if (status_) return true;
    pollfd watched{handle_.get(), POLLIN, 0};
    ::poll(&watched, 1, look_every_ms);  // without a handle: a pause
    status_ = running_.status_at_end();
    return status_.has_value();
  }

  void end_group() {
    ::kill(-pid_, SIGTERM);
    const auto deadline = Clock::now() + grace;
    while (!ended() && Clock::now() < deadline) {
    }
    ::kill(-pid_, SIGKILL);
    while (!ended()) {  // nothing survives that
    }
  }

  bool succeeded() const { return status_ && WIFEXITED(*status_) && WEXITSTATUS(*status_) == 0; }

  std::string describe_end() const {
    if (WIFSIGNALED(*status_)) return fmt::format("was ended by signal {}", WTERMSIG(*status_));
    return fmt::format("failed with exit code {}", WEXITSTATUS(*status_));
  }

 private:
  pid_t pid_;
  RunningCommand& running_;
  FileDescriptor handle_;      ///< a pidfd: readable when it has ended
  std::optional<int> status_;  ///< as waitpid gives it
};

/// posix_spawn and not fork: this process has threads and may be large.
Result<pid_t> spawn(const std::string& text, int output) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  sigset_t standard, none;
  sigemptyset(&none);
  sigemptyset(&standard);
  sigaddset(&standard, SIGPIPE);  // which this process ignores
  ::posix_spawnattr_setsigdefault(&attributes, &standard);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  std::array<std::string, 3> words{"sh", "-c", text};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, "/bin/sh", &files, &attributes, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  if (failed != 0) return system_fault("start /bin/sh", failed);
  return pid;
}

}  // namespace

Result<void> run_shell_command(const ShellCommand& command, CommandLog& log, RunningCommand& running,
                               const std::function<bool()>& give_up) {
  if (const auto begun = log.begin(command.flag, command.text); !begun) return begun;
  const auto pid = running.start([&] { return spawn(command.text, log.descriptor()); });
  if (!pid) return pid.error();
  Shell shell(*pid, running);
  const auto deadline = Clock::now() + command.timeout;
  std::string why;
  while (why.empty() && !shell.ended()) {
    if (give_up()) why = "was ended with the sweep";
    if (Clock::now() >= deadline)
      why = fmt::format("did not end within {} s (--before-timeout)",
                        std::chrono::duration<double>(command.timeout).count());
  }
  if (!why.empty()) {
    shell.end_group();
  } else if (shell.succeeded()) {
    return {};
  } else {
    why = shell.describe_end();
  }
  const auto told = log.last_lines();
  return Error{ErrorCode::unavailable,
               fmt::format("{} {}: {}", command.flag, why, told.empty() ? "it wrote nothing" : told)};
}

}  // namespace troupe::sweep
