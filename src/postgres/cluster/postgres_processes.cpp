#include "postgres/cluster/postgres_processes.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace troupe::postgres {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool lies_below(const fs::path& path, const fs::path& directory) {
  return std::mismatch(directory.begin(), directory.end(), path.begin(), path.end()).first == directory.end();
}

struct Step {
  int signal;
  std::chrono::milliseconds patience;
};

// For a postmaster: fast shutdown, immediate shutdown, death. Its children alone understand SIGQUIT as "quit
// now".
constexpr Step steps_with_postmaster[] = {{SIGINT, 5s}, {SIGQUIT, 2s}, {SIGKILL, 1s}};
constexpr Step steps_without[] = {{SIGQUIT, 500ms}, {SIGKILL, 1s}};

bool wait_until_gone(const fs::path& directory, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!postgres_processes_below(directory).empty()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

bool end_with(const fs::path& directory, const Step& step) {
  const auto processes = postgres_processes_below(directory);
  const bool has_postmaster =
      std::any_of(processes.begin(), processes.end(), [](const auto& process) { return process.postmaster; });
  for (const PostgresProcess& process : processes) {
    // A postmaster shuts its children down in the right order; only killing it leaves that to us.
    if (process.postmaster || !has_postmaster || step.signal == SIGKILL) kill(process.pid, step.signal);
  }
  return wait_until_gone(directory, step.patience);
}

}  // namespace

std::vector<PostgresProcess> postgres_processes_below(const fs::path& directory) {
  std::error_code ignored;  // processes come and go, and others' are closed to us
  const fs::path wanted = fs::weakly_canonical(directory, ignored);
  std::vector<PostgresProcess> found;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    const pid_t pid = static_cast<pid_t>(std::strtol(entry.path().filename().c_str(), nullptr, 10));
    if (pid <= 0) continue;
    const fs::path working_directory = fs::read_symlink(entry.path() / "cwd", ignored);
    if (working_directory.empty() || !lies_below(working_directory, wanted)) continue;
    if (contents(entry.path() / "comm") != "postgres\n") continue;
    const std::string command = contents(entry.path() / "cmdline");
    if (command.empty()) continue;  // it is just ending
    // Children overwrite the command line with what they do: "postgres: checkpointer ".
    const bool postmaster = !command.starts_with("postgres:");
    found.push_back({pid, postmaster, postmaster && command.find(runtime_prefix) != std::string::npos});
  }
  return found;
}

Result<void> end_leftover_processes(const fs::path& directory) {
  const auto processes = postgres_processes_below(directory);
  if (processes.empty()) return {};
  bool has_postmaster = false;
  for (const PostgresProcess& process : processes) {
    has_postmaster = has_postmaster || process.postmaster;
    if (process.postmaster && !process.ours)
      return Error{ErrorCode::invalid_argument,
                   "the data directory " + directory.string() +
                       " is in use by the PostgreSQL server with process id " + std::to_string(process.pid) +
                       ", which troupe did not start: stop it or give another --data-dir"};
  }
  if (has_postmaster) {
    for (const Step& step : steps_with_postmaster)
      if (end_with(directory, step)) return {};
  } else {
    for (const Step& step : steps_without)
      if (end_with(directory, step)) return {};
  }
  return Error{ErrorCode::io,
               "PostgreSQL processes of an earlier run in " + directory.string() + " do not end"};
}

}  // namespace troupe::postgres
