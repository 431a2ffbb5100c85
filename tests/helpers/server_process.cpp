#include "helpers/server_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "helpers/folder.hpp"
#include "helpers/processes.hpp"

namespace troupe::tests {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> environment_of(const Launch& launch) {
  std::vector<std::string> environment;
  for (const auto& [name, value] : launch.environment) environment.push_back(name + "=" + value);
  for (const char* name : {"PATH", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && !launch.environment.contains(name)) {
      environment.push_back(std::string(name) + "=" + value);
    }
  }
  return environment;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Prepared before fork(): behind it only async-signal-safe functions may be called.
struct Plan {
  std::vector<char*> arguments, environment;
  const char* out;
  const char* err;
  std::optional<rlim_t> open_files;
};

[[noreturn]] void run_child(const Plan& plan) {
  setpgid(0, 0);  // as a shell does it: a signal to the group reaches it and what it started
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGHUP, SIG_DFL);  // whoever runs the tests may ignore it, as nohup does
  const int out = open(plan.out, O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int err = open(plan.err, O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int null = open("/dev/null", O_RDONLY);
  if (dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 || chdir("/") != 0) _exit(125);
  for (int fd = 3; fd < 1024; ++fd) close(fd);
  if (plan.open_files) {
    const rlimit limit{*plan.open_files, *plan.open_files};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) _exit(125);
  }
  execve(plan.arguments[0], plan.arguments.data(), plan.environment.data());
  _exit(126);
}

Launch serve(std::vector<std::string> arguments) {
  return Launch{std::move(arguments)};
}

Launch with_serve(Launch launch) {
  launch.arguments.insert(launch.arguments.begin(), {"serve", "--port", "0"});
  return launch;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string name = "/tmp/e2e-troupe-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = name;
  fs::permissions(path_, fs::perms(0755));
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

TroupeProcess::TroupeProcess(const Launch& launch) {
  auto arguments = launch.arguments;
  arguments.insert(arguments.begin(), TROUPE_BINARY);
  auto environment = environment_of(launch);
  const std::string out = files_.path() / "out", err = files_.path() / "err";
  const Plan plan{pointers_to(arguments), pointers_to(environment), out.c_str(), err.c_str(),
                  launch.open_files};
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ == 0) run_child(plan);
}

TroupeProcess::~TroupeProcess() {
  if (exit_code()) return;
  signal(SIGKILL);
  eventually([this] { return exit_code().has_value(); });
}

std::string TroupeProcess::out() const {
  return content_of(files_.path() / "out");
}

std::string TroupeProcess::err() const {
  return content_of(files_.path() / "err");
}

void TroupeProcess::signal(int number) const {
  if (!exit_code_) kill(pid_, number);
}

std::optional<int> TroupeProcess::exit_code() {
  int status = 0;
  if (!exit_code_ && waitpid(pid_, &status, WNOHANG) == pid_) {
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  return exit_code_;
}

Finished TroupeProcess::finish(std::chrono::milliseconds timeout) {
  if (!eventually([this] { return exit_code().has_value(); }, timeout)) {
    throw std::runtime_error("troupe does not end; it said: " + err());
  }
  return {*exit_code_, out(), err()};
}

Finished run_troupe(const Launch& launch) {
  return TroupeProcess(launch).finish();
}

ServerProcess::ServerProcess(std::vector<std::string> arguments)
    : ServerProcess(serve(std::move(arguments))) {}

ServerProcess::ServerProcess(Launch launch) : process_(with_serve(std::move(launch))) {
  const std::regex ready(R"(troupe serves on https?://127\.0\.0\.1:(\d+) \(.*\))");
  std::smatch match;
  const auto is_ready = [&] {
    ready_line_ = process_.out();
    return std::regex_search(ready_line_, match, ready);
  };
  const bool up = eventually([&] { return process_.exit_code() || is_ready(); }, 2 * patience) && is_ready();
  if (!up) throw std::runtime_error("troupe serve does not get ready; it said: " + process_.err());
  port_ = static_cast<std::uint16_t>(std::stoi(match[1]));
}

ServerProcess::~ServerProcess() {
  if (ended_) return;
  const int code = stop();
  if (code == 0) return;
  std::cerr << "troupe serve ended with " << code << " and said:\n" << process_.err() << std::endl;
  std::abort();
}

pid_t ServerProcess::postmaster() const {
  return postmaster_of(pid());
}

std::string ServerProcess::conninfo() const {
  return conninfo_of_postmaster(postmaster());
}

int ServerProcess::stop(int signal) {
  ended_ = true;
  process_.signal(signal);
  try {
    return process_.finish().code;
  } catch (const std::runtime_error&) {
    process_.signal(SIGKILL);
    return process_.finish().code;
  }
}

void ServerProcess::crash() {
  ended_ = true;
  process_.signal(SIGKILL);
  process_.finish();
}

}  // namespace troupe::tests
