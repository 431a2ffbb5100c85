#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/result.hpp"

namespace troupe::postgres {

/// A file descriptor that is closed by its owner's end.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// A system user.
struct User {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
};

/// Who PostgreSQL, which refuses to be root, runs as: `postgres`, else `nobody`. Nothing when this process is
/// not root and its children simply run as it does.
Result<std::optional<User>> unprivileged_user();

/// Can `user` (or this process's own user) read, write and enter `path`, or with `enter_only` at least pass
/// through it? Asks the kernel in a child that has become that user, so capabilities, groups and ACLs count.
bool is_accessible(const std::optional<User>& user, const std::filesystem::path& path, bool enter_only);

/// What a child process is to run.
struct Program {
  std::vector<std::string> arguments;  ///< the first is the absolute path of the program
  std::optional<User> user;            ///< become this user first; needs root
  int output = -1;                     ///< becomes stdout and stderr
};

/// A child process in a session of its own (a terminal's Ctrl-C does not reach it), without any of our
/// descriptors, signal settings or environment. It gets SIGINT when the *thread* that spawned it ends
/// (PR_SET_PDEATHSIG): spawn from a thread that lives as long as the child shall. The destructor kills what
/// still runs.
class ChildProcess {
 public:
  enum class Waited { ended, woken, timed_out };

  /// Returns after the program was executed; an error names what failed on the way to it.
  static Result<ChildProcess> spawn(const Program& program);

  ChildProcess(ChildProcess&& other) noexcept
      : pid_(std::exchange(other.pid_, 0)), status_(other.status_), handle_(std::move(other.handle_)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(status_, other.status_);
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~ChildProcess();

  /// Waits until the child ends, `wake` (when not -1) becomes readable, or the time is up; no timeout waits
  /// for ever.
  Waited wait(std::optional<std::chrono::milliseconds> timeout, int wake = -1);
  void signal(int number) const;
  pid_t pid() const { return pid_; }
  bool running() const { return pid_ > 0 && !status_; }
  bool succeeded() const;
  /// For people: "ended with exit code 1", "was ended by signal 9".
  std::string describe_end() const;

 private:
  ChildProcess(pid_t pid, FileDescriptor handle) : pid_(pid), handle_(std::move(handle)) {}

  pid_t pid_ = 0;
  std::optional<int> status_;  ///< as waitpid gives it
  FileDescriptor handle_;      ///< a pidfd: readable when the child has ended
};

}  // namespace troupe::postgres
