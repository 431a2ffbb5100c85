#include "postgres/cluster/postmaster.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include "postgres/cluster/postgres_processes.hpp"
#include "postgres/wire/error_text.hpp"
#include "support/log_line.hpp"

namespace troupe::postgres {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::uintmax_t max_old_log = 16 << 20;  // bytes; a bigger one is started afresh

std::chrono::milliseconds left_until(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Deadline::clock::now());
  return std::max(left, 0ms);
}

/// The log, open for appending, and where this start's part of it begins.
struct Log {
  FileDescriptor file;
  std::streamoff start = 0;
};

Result<Log> open_log(const ServerPlan& plan) {
  std::error_code none_yet;
  const auto size = fs::file_size(plan.log, none_yet);
  const int truncate = !none_yet && size > max_old_log ? O_TRUNC : 0;
  FileDescriptor file(
      open(plan.log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | truncate, 0600));
  if (!file) return Error{ErrorCode::io, "cannot open " + plan.log.string() + ": " + std::strerror(errno)};
  if (auto given = give_to(plan.user, plan.log); !given) return given.error();
  return Log{std::move(file), none_yet || truncate != 0 ? 0 : static_cast<std::streamoff>(size)};
}

// "2024-01-01 00:00:00 UTC [42] FATAL:  lock file …", "initdb: error: …": what follows it are hints and
// good-byes.
std::string last_complaint(const ServerPlan& plan, std::streamoff start) {
  std::ifstream log(plan.log);
  log.seekg(start);
  std::string complaint;
  std::string last;
  for (std::string line; std::getline(log, line);) {
    for (const char* mark : {"FATAL:", "PANIC:", "error:"}) {
      if (const auto at = line.find(mark); at != std::string::npos) complaint = one_line(line.substr(at));
    }
    if (!line.empty()) last = one_line(line);
  }
  if (complaint.empty()) complaint = last;
  return complaint.empty() ? "no word in " + plan.log.string() : complaint;
}

/// The lines of postmaster.pid (miscinit.h, pidfile.h) that matter here.
struct PidFile {
  pid_t pid = 0;
  std::string status;
};

std::optional<PidFile> read_pid_file(const ServerPlan& plan) {
  constexpr int status_line = 8;
  std::ifstream file(plan.data / "postmaster.pid");
  PidFile found;
  std::string line;
  for (int number = 1; number <= status_line && std::getline(file, line); ++number) {
    if (number == 1) found.pid = static_cast<pid_t>(std::strtol(line.c_str(), nullptr, 10));
    if (number == status_line) found.status = one_line(line);
  }
  return found.pid > 0 ? std::optional(found) : std::nullopt;
}

// Asking too early would fill the log with "the database system is starting up".
bool answers(const ServerPlan& plan, pid_t pid) {
  const auto file = read_pid_file(plan);
  return file && file->pid == pid && file->status == "ready" &&
         PQping((plan.conninfo() + " connect_timeout=2").c_str()) == PQPING_OK;
}

// PostgreSQL takes its stale files for valid when their process id belongs to some other process of its user
// by now. We know better: we hold the lock of the directory and have seen that no PostgreSQL works in it.
void remove_stale_lock_files(const ServerPlan& plan) {
  std::error_code ignored;
  if (const auto file = read_pid_file(plan); file && (kill(file->pid, 0) == 0 || errno == EPERM))
    fs::remove(plan.data / "postmaster.pid", ignored);
  fs::remove(plan.runtime / ".s.PGSQL.5432", ignored);
  fs::remove(plan.runtime / ".s.PGSQL.5432.lock", ignored);
}

Result<void> make_directory(const ServerPlan& plan, const fs::path& path) {
  if (mkdir(path.c_str(), 0700) != 0)
    return Error{ErrorCode::io, "cannot make " + path.string() + ": " + std::strerror(errno)};
  return give_to(plan.user, path);
}

Result<void> run_initdb(const ServerPlan& plan, const fs::path& target, Deadline deadline, int wake) {
  auto log = open_log(plan);
  if (!log) return log.error();
  Program program{{plan.binaries.initdb.string(), "--pgdata=" + target.string(), "--username=postgres",
                   "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-instructions", "--no-sync"},
                  plan.user,
                  log->file.get()};
  auto child = ChildProcess::spawn(program);
  if (!child) return child.error();
  switch (child->wait(left_until(deadline), wake)) {
    case ChildProcess::Waited::timed_out:
      return Error{ErrorCode::timed_out, "initdb did not finish in time"};
    case ChildProcess::Waited::woken:
      return Error{ErrorCode::io, "initdb was told to stop"};
    case ChildProcess::Waited::ended:
      break;
  }
  if (child->succeeded()) return {};
  return Error{ErrorCode::io, "initdb " + child->describe_end() + ": " + last_complaint(plan, log->start)};
}

// Instead of initdb's own fsync of a thousand files, which takes many seconds where this takes a fraction of
// one.
Result<void> make_durable(const ServerPlan& plan, const fs::path& path) {
  if (plan.temporary) return {};
  const FileDescriptor directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory && syncfs(directory.get()) == 0) return {};
  return Error{ErrorCode::io, "cannot sync " + path.string() + ": " + std::strerror(errno)};
}

// The version file goes last: with it the directory is a cluster. All of this can be interrupted and done
// again.
void move_into_place(const fs::path& finished, const fs::path& data) {
  std::vector<fs::path> names;
  for (const auto& entry : fs::directory_iterator(finished)) names.push_back(entry.path().filename());
  std::stable_partition(names.begin(), names.end(),
                        [](const fs::path& name) { return name != "PG_VERSION"; });
  for (const fs::path& name : names) fs::rename(finished / name, data / name);
  fs::remove(finished);
}

// initdb wants an empty directory of its own and leaves rubble when it is killed, and `data` can be a mount
// point, which cannot be renamed: so it works in a subdirectory, whose new name says that it has finished.
Result<void> initialise(const ServerPlan& plan, Deadline deadline, int wake) {
  const fs::path finished = plan.data / initialised_directory;
  const std::string unfinished = "troupe.initialising.";
  if (!fs::exists(finished)) {
    if (fs::exists(plan.data / "PG_VERSION")) return {};
    std::vector<fs::path> rubble;
    for (const auto& entry : fs::directory_iterator(plan.data))
      if (entry.path().filename().string().starts_with(unfinished)) rubble.push_back(entry.path());
    for (const fs::path& path : rubble) fs::remove_all(path);
    // A name of its own: the initdb of a killed run may still be cleaning up after itself.
    const fs::path target = plan.data / (unfinished + std::to_string(getpid()));
    if (auto made = make_directory(plan, target); !made) return made;
    if (auto ran = run_initdb(plan, target, deadline, wake); !ran) return ran;
    if (auto synced = make_durable(plan, target); !synced) return synced;
    fs::rename(target, finished);
  }
  move_into_place(finished, plan.data);
  return make_durable(plan, plan.data);
}

std::vector<std::string> server_arguments(const ServerPlan& plan) {
  std::vector<std::string> settings = {
      "hba_file=" + (plan.runtime / access_rules_file).string(),
      "max_connections=" + std::to_string(plan.max_connections),
      "listen_addresses=",
      "shared_buffers=128MB",
      "fsync=on",
      "synchronous_commit=on",
      "full_page_writes=on",
      "jit=off",
      "logging_collector=off",
      "log_destination=stderr",
      "log_line_prefix=%m [%p] ",
      "log_checkpoints=off",
      "cluster_name=troupe",
  };
  // The start after a crash syncs all data first: one system call instead of a thousand, so that it takes
  // under a second.
  if (plan.binaries.major_version >= 14) settings.emplace_back("recovery_init_sync_method=syncfs");
  std::vector<std::string> arguments = {
      plan.binaries.postgres.string(), "-D", plan.data.string(), "-k", plan.runtime.string(), "-p", "5432"};
  for (std::string& setting : settings) {
    arguments.emplace_back("-c");
    arguments.push_back(std::move(setting));
  }
  return arguments;
}

Result<void> wait_until_it_answers(const ServerPlan& plan, ChildProcess& postmaster, std::streamoff log_start,
                                   std::optional<Deadline> deadline, int wake) {
  while (true) {
    switch (postmaster.wait(10ms, wake)) {
      case ChildProcess::Waited::ended:
        return Error{ErrorCode::io, "PostgreSQL " + postmaster.describe_end() +
                                        " instead of starting: " + last_complaint(plan, log_start)};
      case ChildProcess::Waited::woken:
        return Error{ErrorCode::io, "PostgreSQL was told to stop while it started"};
      case ChildProcess::Waited::timed_out:
        break;
    }
    if (answers(plan, postmaster.pid())) return {};
    if (deadline && left_until(*deadline) == 0ms)
      return Error{ErrorCode::timed_out,
                   "PostgreSQL did not get ready in time: " + last_complaint(plan, log_start)};
  }
}

}  // namespace

std::string ServerPlan::conninfo() const {
  return "host=" + runtime.string() + " port=5432 user=troupe dbname=postgres";
}

std::string ServerPlan::superuser_conninfo() const {
  return "host=" + runtime.string() + " port=5432 user=postgres dbname=postgres";
}

Result<void> initialise_cluster(const ServerPlan& plan, Deadline deadline, int wake) {
  try {
    return initialise(plan, deadline, wake);
  } catch (const fs::filesystem_error& error) {
    return Error{ErrorCode::io, std::string("cannot initialise the cluster: ") + error.what()};
  }
}

Result<ChildProcess> start_postmaster(const ServerPlan& plan, std::optional<Deadline> deadline, int wake) {
  if (auto ended = end_leftover_processes(plan.data); !ended) return ended.error();
  remove_stale_lock_files(plan);
  auto log = open_log(plan);
  if (!log) return log.error();
  auto postmaster = ChildProcess::spawn({server_arguments(plan), plan.user, log->file.get()});
  if (!postmaster) return postmaster;
  if (auto up = wait_until_it_answers(plan, *postmaster, log->start, deadline, wake); !up) {
    stop_postmaster(plan, *postmaster, 1s);
    return up.error();
  }
  return postmaster;
}

void stop_postmaster(const ServerPlan& plan, ChildProcess& postmaster, std::chrono::milliseconds timeout) {
  postmaster.signal(SIGINT);
  if (postmaster.wait(timeout) == ChildProcess::Waited::timed_out) {
    log_warn("embedded PostgreSQL does not stop within {} ms: shutting it down at once", timeout.count());
    postmaster.signal(SIGQUIT);
    if (postmaster.wait(2s) == ChildProcess::Waited::timed_out) {
      postmaster.signal(SIGKILL);
      postmaster.wait(1s);
    }
  }
  if (auto ended = end_leftover_processes(plan.data); !ended) log_warn("{}", ended.error().message);
}

}  // namespace troupe::postgres
