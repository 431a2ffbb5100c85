#include "postgres/cluster/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace troupe::postgres {
namespace {

/// What a child reports through a pipe that its exec closes: no report is success.
struct Failure {
  std::array<char, 24> step;
  int error;
};

/// Everything the child needs, made before the fork: between fork and exec only async-signal-safe calls are
/// allowed.
struct Plan {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  const User* user;
  int output;
  int report;
  int first_unusable_descriptor;
  pid_t parent;
};

// Nothing to do for a process that has become that user for good. Raw system calls: glibc's wrappers of these
// first make all threads change, with locks that a fork may have left taken.
bool become(const User& user) {
  if (geteuid() != 0 && geteuid() == user.uid) return true;
  const gid_t group = user.gid;
  return syscall(SYS_setgroups, 1, &group) == 0 && syscall(SYS_setgid, user.gid) == 0 &&
         syscall(SYS_setuid, user.uid) == 0;
}

[[noreturn]] void fail_child(const Plan& plan, const char* step) {
  Failure failure{{}, errno};
  std::strncpy(failure.step.data(), step, failure.step.size() - 1);
  [[maybe_unused]] const auto written = write(plan.report, &failure, sizeof failure);
  _exit(127);
}

// Sockets that libraries opened without CLOEXEC would stay open, and their ports taken, for as long as
// PostgreSQL runs.
void mark_descriptors_close_on_exec(const Plan& plan) {
  constexpr unsigned close_range_cloexec = 1U << 2;  // CLOSE_RANGE_CLOEXEC, Linux 5.11
  if (syscall(SYS_close_range, 3U, ~0U, close_range_cloexec) == 0) return;
  for (int fd = 3; fd < plan.first_unusable_descriptor; ++fd) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void reset_signals() {
  struct sigaction standard = {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) sigaction(number, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void run_child(const Plan& plan) {
  reset_signals();
  if (setsid() < 0) fail_child(plan, "setsid");
  const int null = open("/dev/null", O_RDONLY);
  if (null < 0 || dup2(null, STDIN_FILENO) < 0) fail_child(plan, "open /dev/null");
  if (dup2(plan.output, STDOUT_FILENO) < 0 || dup2(plan.output, STDERR_FILENO) < 0) fail_child(plan, "dup2");
  mark_descriptors_close_on_exec(plan);
  if (plan.user != nullptr && !become(*plan.user)) fail_child(plan, "change the user");
  // After the change of user, which clears it. The parent may have ended before: then nobody would send it.
  if (prctl(PR_SET_PDEATHSIG, SIGINT) != 0) fail_child(plan, "prctl");
  if (getppid() != plan.parent) _exit(127);
  umask(S_IRWXG | S_IRWXO);
  if (chdir("/") != 0) fail_child(plan, "chdir");  // our own directory may be closed to that user
  execve(plan.arguments.front(), plan.arguments.data(), plan.environment.data());
  fail_child(plan, "execute");
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

Error system_error(const std::string& what, int error) {
  return {ErrorCode::io, what + ": " + std::strerror(error)};
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) close(fd_);
}

Result<std::optional<User>> unprivileged_user() {
  if (geteuid() != 0) return std::optional<User>{};
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = getpwnam(name))
      return std::optional<User>{{entry->pw_uid, entry->pw_gid, name}};
  }
  return Error{ErrorCode::unavailable,
               "PostgreSQL refuses to run as root and there is neither a user postgres nor nobody: run "
               "troupe as another "
               "user, or give --database-url"};
}

bool is_accessible(const std::optional<User>& user, const std::filesystem::path& path, bool enter_only) {
  const std::string name = path.string();
  const pid_t pid = fork();
  if (pid == 0) {
    if (user && !become(*user)) _exit(1);
    _exit(access(name.c_str(), enter_only ? X_OK : R_OK | W_OK | X_OK) == 0 ? 0 : 1);
  }
  int status = -1;
  while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return pid > 0 && status == 0;
}

Result<ChildProcess> ChildProcess::spawn(const Program& program) {
  std::vector<std::string> arguments = program.arguments;
  std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=/"};
  std::array<int, 2> report{};
  if (pipe2(report.data(), O_CLOEXEC) != 0) return system_error("cannot make a pipe", errno);
  const FileDescriptor report_in(report[0]);
  FileDescriptor report_out(report[1]);
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  const Plan plan{pointers_to(arguments),
                  pointers_to(environment),
                  program.user ? &*program.user : nullptr,
                  program.output,
                  report_out.get(),
                  static_cast<int>(descriptors.rlim_cur),
                  getpid()};

  const pid_t pid = fork();
  if (pid < 0) return system_error("cannot fork", errno);
  if (pid == 0) run_child(plan);
  ChildProcess child(pid, FileDescriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))));
  if (!child.handle_) return system_error("cannot watch a child process (pidfd_open)", errno);

  report_out = FileDescriptor();
  Failure failure{};
  ssize_t got = 0;
  while ((got = read(report_in.get(), &failure, sizeof failure)) < 0 && errno == EINTR) {
  }
  if (got == sizeof failure)
    return system_error("cannot start " + program.arguments.front() + ": " + failure.step.data(),
                        failure.error);
  return child;
}

ChildProcess::~ChildProcess() {
  if (!running()) return;
  kill(-pid_, SIGKILL);  // the whole group: initdb has children of its own
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

ChildProcess::Waited ChildProcess::wait(std::optional<std::chrono::milliseconds> timeout, int wake) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + timeout.value_or(std::chrono::milliseconds{0});
  while (running()) {
    int left_ms = -1;
    if (timeout) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      left_ms = static_cast<int>(std::max<std::int64_t>(0, left.count()));
    }
    std::array<pollfd, 2> waited{{{handle_.get(), POLLIN, 0}, {wake, POLLIN, 0}}};
    const int ready = poll(waited.data(), waited.size(), left_ms);
    if (ready < 0) continue;  // EINTR
    if (waited[0].revents != 0) {
      int status = 0;
      // ECHILD: somebody ignores SIGCHLD in this process, so the status is lost, but not that it ended.
      if (const pid_t pid = waitpid(pid_, &status, WNOHANG); pid != 0) status_ = pid < 0 ? -1 : status;
    } else if (waited[1].revents != 0) {
      return Waited::woken;
    } else if (ready == 0 && left_ms == 0) {
      return Waited::timed_out;
    }
  }
  return Waited::ended;
}

void ChildProcess::signal(int number) const {
  if (running()) kill(pid_, number);
}

bool ChildProcess::succeeded() const {
  return status_ && WIFEXITED(*status_) && WEXITSTATUS(*status_) == 0;
}

std::string ChildProcess::describe_end() const {
  if (!status_) return "still runs";
  if (WIFSIGNALED(*status_)) return "was ended by signal " + std::to_string(WTERMSIG(*status_));
  return "ended with exit code " + std::to_string(WEXITSTATUS(*status_));
}

}  // namespace troupe::postgres
