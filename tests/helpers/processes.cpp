#include "helpers/processes.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace troupe::tests {
namespace {

namespace fs = std::filesystem;

std::string content_in_proc(const fs::path& file) {
  std::ostringstream text;  // which swallows the exception of a file in /proc whose process ends meanwhile
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

fs::path directory_of(pid_t pid) {
  return "/proc/" + std::to_string(pid);
}

/// The fields of /proc/PID/stat from the third (the state) on: proc(5). The second may hold spaces.
std::vector<std::string> stat_fields(pid_t pid) {
  const auto stat = content_in_proc(directory_of(pid) / "stat");
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(stat.substr(name_end + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

}  // namespace

std::vector<std::string> command_line(pid_t pid) {
  std::istringstream text(content_in_proc(directory_of(pid) / "cmdline"));
  std::vector<std::string> words;
  for (std::string word; std::getline(text, word, '\0');) words.push_back(word);
  return words;
}

std::vector<pid_t> threads_of(pid_t pid) {
  std::vector<pid_t> threads;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory_of(pid) / "task", ignored))
    threads.push_back(static_cast<pid_t>(std::atoi(entry.path().filename().c_str())));
  return threads;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  std::error_code ignored;  // processes come and go
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    const auto pid = static_cast<pid_t>(std::atoi(entry.path().filename().c_str()));
    if (pid <= 0) continue;
    const auto fields = stat_fields(pid);
    if (fields.size() > 1 && fields[1] == std::to_string(parent)) children.push_back(pid);
  }
  return children;
}

std::size_t open_descriptors(pid_t pid) {
  std::error_code ignored;
  const fs::directory_iterator entries(directory_of(pid) / "fd", ignored);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

long resident_kib(pid_t pid) {
  const auto status = content_in_proc(directory_of(pid) / "status");
  const std::string key = "VmRSS:";
  const auto at = status.find(key);
  return at == std::string::npos ? 0 : std::stol(status.substr(at + key.size()));
}

double processor_seconds(pid_t pid) {
  constexpr std::size_t utime = 11, stime = 12;  // the 14th and 15th field of the line
  const auto fields = stat_fields(pid);
  if (fields.size() <= stime) return 0;
  return (std::stod(fields[utime]) + std::stod(fields[stime])) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

bool is_alive(pid_t pid) {
  const auto fields = stat_fields(pid);
  return !fields.empty() && fields[0] != "Z" && fields[0] != "X";
}

void kill_with_children(pid_t parent) {
  const auto children = children_of(parent);
  kill(parent, SIGKILL);
  for (const pid_t child : children) kill(child, SIGKILL);
}

pid_t postmaster_of(pid_t server) {
  for (const pid_t child : children_of(server)) {
    const auto words = command_line(child);
    if (!words.empty() && fs::path(words[0]).filename() == "postgres" && is_alive(child)) return child;
  }
  return 0;
}

std::string conninfo_of_postmaster(pid_t postmaster) {
  const auto words = command_line(postmaster);
  const auto flag = std::find(words.begin(), words.end(), "-k");
  if (flag == words.end() || flag + 1 == words.end()) return {};
  return "host=" + *(flag + 1) + " port=5432 user=troupe dbname=postgres";
}

Paused::Paused(pid_t postmaster) {
  kill(postmaster, SIGSTOP);  // first, so that it starts no further child
  processes_ = children_of(postmaster);
  for (const pid_t child : processes_) kill(child, SIGSTOP);
  processes_.push_back(postmaster);
}

Paused::~Paused() {
  for (const pid_t pid : processes_) kill(pid, SIGCONT);
}

}  // namespace troupe::tests
