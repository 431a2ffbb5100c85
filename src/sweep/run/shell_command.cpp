#include "sweep/run/shell_command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <spdlog/fmt/fmt.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "postgres/cluster/child_process.hpp"
#include "schema/text.hpp"
#include "support/text_width.hpp"

namespace troupe::sweep {
namespace {

using Clock = TimePoint::clock;
using postgres::FileDescriptor;

// How soon Ctrl-C is heard.
constexpr int look_every_ms = 20;
// What SIGTERM has time for before SIGKILL.
constexpr std::chrono::seconds grace{2};
constexpr std::size_t told_lines = 3, told_bytes = 400;

Error system_fault(std::string_view doing, int error_number) {
  return {ErrorCode::io, fmt::format("cannot {}: {}", doing, std::generic_category().message(error_number))};
}

/// A shell at work: the leader of its group.
class Shell {
 public:
  Shell(pid_t pid, FileDescriptor handle) : pid_(pid), handle_(std::move(handle)) {}

  /// Whether it has ended; waits a little for that.
  bool ended() {
    if (status_) return true;
    pollfd watched{handle_.get(), POLLIN, 0};
    ::poll(&watched, 1, look_every_ms);  // without a handle: a pause
    int status = 0;
    const auto got = ::waitpid(pid_, &status, WNOHANG);
    if (got != 0) status_ = got > 0 ? status : -1;
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
  FileDescriptor handle_;      ///< a pidfd: readable when it has ended
  std::optional<int> status_;  ///< as waitpid gives it
};

/// posix_spawn and not fork: this process has threads and may be large.
Result<Shell> spawn(const std::string& text, int output) {
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
  return Shell(pid, FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))));
}

/// The last lines of what was written behind `begin`, as one.
std::string last_lines(int file, off_t begin) {
  const auto end = ::lseek(file, 0, SEEK_END);
  const auto from = std::max(begin, end - static_cast<off_t>(told_bytes));
  std::string text(static_cast<std::size_t>(std::max<off_t>(end - from, 0)), '\0');
  const auto got = ::pread(file, text.data(), text.size(), from);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  while (text.ends_with('\n')) text.pop_back();
  auto at = text.size();
  for (std::size_t lines = 0; lines < told_lines && at != text.npos && at > 0; ++lines)
    at = text.rfind('\n', at - 1);
  if (at != text.npos && at < text.size() && text[at] == '\n') text.erase(0, at + 1);
  if (!schema::inspect_text(text).valid_utf8) {  // any bytes, or a character that was cut; records hold text
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  }
  return one_line(text);
}

}  // namespace

Result<void> run_shell_command(const ShellCommand& command, const std::function<bool()>& give_up) {
  const FileDescriptor log(
      ::open(command.log.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!log) return system_fault("write " + command.log.string(), errno);
  const auto heading = fmt::format("# {}: {}\n", command.flag, command.text);
  if (::write(log.get(), heading.data(), heading.size()) < 0)
    return system_fault("write " + command.log.string(), errno);
  const auto begin = ::lseek(log.get(), 0, SEEK_END);
  auto shell = spawn(command.text, log.get());
  if (!shell) return shell.error();
  const auto deadline = Clock::now() + command.timeout;
  std::string why;
  while (why.empty() && !shell->ended()) {
    if (give_up()) why = "was ended with the sweep";
    if (Clock::now() >= deadline)
      why = fmt::format("did not end within {} s (--before-timeout)",
                        std::chrono::duration<double>(command.timeout).count());
  }
  if (!why.empty()) {
    shell->end_group();
  } else if (shell->succeeded()) {
    return {};
  } else {
    why = shell->describe_end();
  }
  const auto told = last_lines(log.get(), begin);
  return Error{ErrorCode::unavailable,
               fmt::format("{} {}: {}", command.flag, why, told.empty() ? "it wrote nothing" : told)};
}

}  // namespace troupe::sweep
