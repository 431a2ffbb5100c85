#include "sweep/run/service_processes.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <sstream>
#include <vector>

#include "support/parse.hpp"
#include "support/read_file.hpp"
#include "sweep/run/machine_cpu.hpp"

namespace troupe::sweep {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view by_name = "process:";
constexpr std::size_t longest_name = 15;  // of what the kernel keeps (TASK_COMM_LEN)

Error missing(std::string message) {
  return {ErrorCode::unavailable, std::move(message)};
}

std::optional<int> process_id(std::string_view text) {
  int pid = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (read.ec != std::errc{} || pid <= 0) return std::nullopt;
  return read.ptr == text.data() + text.size() ? std::optional(pid) : std::nullopt;
}

/// The file name of the first of the arguments, which end with a zero byte each.
std::string program_of(const std::string& cmdline) {
  return fs::path(cmdline.substr(0, cmdline.find('\0'))).filename();
}

ProcessTable read_processes() {
  ProcessTable out;
  std::error_code gone;  // processes come and go
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const auto pid = process_id(entry.path().filename().string());
    if (!pid) continue;
    const auto stat = read_file(entry.path() / "stat");
    const auto known = stat ? parse_process_stat(*stat) : std::nullopt;
    const auto used = process_cpu_time(*pid);
    if (!known || !used) continue;
    const auto cmdline = read_file(entry.path() / "cmdline");
    out[*pid] = {known->parent, *used + known->of_the_ended, std::string(known->name),
                 cmdline ? program_of(*cmdline) : ""};
  }
  return out;
}

bool holds_one_of(const fs::path& process, const std::set<std::string>& inodes) {
  std::error_code denied;  // another user's descriptors, or a process that has ended
  for (const auto& entry : fs::directory_iterator(process / "fd", denied)) {
    const auto to = fs::read_symlink(entry.path(), denied).string();
    if (to.starts_with("socket:[") && inodes.contains(to.substr(8, to.size() - 9))) return true;
  }
  return false;
}

std::set<int> listeners_on(std::uint16_t port, const ProcessTable& processes) {
  std::set<std::string> inodes;
  for (const auto* file : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    if (const auto text = read_file(file)) inodes.merge(listening_inodes(*text, port));
  }
  std::set<int> out;
  if (inodes.empty()) return out;
  for (const auto& [pid, facts] : processes) {
    if (holds_one_of(fs::path("/proc") / std::to_string(pid), inodes)) out.insert(pid);
  }
  return out;
}

}  // namespace

std::chrono::nanoseconds used_by(const ProcessTable& processes, const std::set<int>& roots, int self) {
  std::map<int, std::vector<int>> children;
  for (const auto& [pid, facts] : processes) children[facts.parent].push_back(pid);
  std::set<int> counted;
  std::vector<int> to_do(roots.begin(), roots.end());
  std::chrono::nanoseconds sum{};
  while (!to_do.empty()) {
    const int pid = to_do.back();
    to_do.pop_back();
    const auto found = processes.find(pid);
    if (found == processes.end() || pid == self || !counted.insert(pid).second) continue;
    sum += found->second.used;
    const auto& of_it = children[pid];
    to_do.insert(to_do.end(), of_it.begin(), of_it.end());
  }
  return sum;
}

std::set<std::string> listening_inodes(std::string_view proc_net_tcp, std::uint16_t port) {
  // sl local_address rem_address st tx:rx tr:tm->when retrnsmt uid timeout inode …; proc(5), net/tcp
  constexpr std::string_view listen_state = "0A";
  const auto suffix = fmt::format(":{:04X}", port);
  std::set<std::string> out;
  std::istringstream lines{std::string(proc_net_tcp)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream in(line);
    std::string number, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    in >> number >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
    if (in && state == listen_state && local.ends_with(suffix)) out.insert(inode);
  }
  return out;
}

Result<std::set<int>> ServiceProcesses::from_file() const {
  const auto text = read_file(cpu_of_);
  if (!text) return missing(fmt::format("--cpu-of: {}", text.error().message));
  const auto line = trim(std::string_view(*text).substr(0, text->find('\n')));
  const auto pid = process_id(line);
  if (!pid) return missing(fmt::format("--cpu-of: {} does not begin with a process id", cpu_of_));
  return std::set<int>{*pid};
}

Result<std::set<int>> ServiceProcesses::roots(const ProcessTable& processes) const {
  if (cpu_of_ == "port") {
    auto found = listeners_on(port_, processes);
    if (!found.empty()) return found;
    return missing(fmt::format(
        "--cpu-of port: nobody whom this user may look at listens on port {} of this machine", port_));
  }
  if (!cpu_of_.starts_with(by_name)) return from_file();
  const auto name = std::string_view(cpu_of_).substr(by_name.size());
  std::set<int> found;
  for (const auto& [pid, facts] : processes) {
    if (facts.name == name.substr(0, longest_name) || facts.program == name) found.insert(pid);
  }
  if (!found.empty()) return found;
  return missing(fmt::format("--cpu-of: no process is called {}", name));
}

Result<std::chrono::nanoseconds> ServiceProcesses::used() const {
  const auto processes = read_processes();
  const auto whose = roots(processes);
  if (!whose) return whose.error();
  for (const int pid : *whose) {
    if (processes.contains(pid)) return used_by(processes, *whose, ::getpid());
  }
  return missing(fmt::format("--cpu-of: the process that {} names has ended", cpu_of_));
}

}  // namespace troupe::sweep
