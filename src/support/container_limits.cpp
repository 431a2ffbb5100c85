#include "support/container_limits.hpp"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "support/parse.hpp"

namespace troupe {

namespace {

namespace fs = std::filesystem;

// Version 1 says "no limit" with the largest number of pages that there is.
constexpr std::uint64_t no_memory_limit = std::uint64_t{1} << 60;

/// A word of the file's first line; empty: there is none.
std::string word_of(const fs::path& file, std::size_t place = 0) {
  std::ifstream in(file);
  std::string word;
  for (std::size_t i = 0; i <= place; ++i) {
    word.clear();
    in >> word;
  }
  return word;
}

/// A number that is more than zero: not "max", not "-1".
std::optional<std::uint64_t> count_of(const std::string& word) {
  const auto count = parse_count(word);
  return count && *count > 0 ? std::optional(*count) : std::nullopt;
}

void lower(ContainerLimits& limits, std::optional<std::uint64_t> quota, std::optional<std::uint64_t> period,
           std::optional<std::uint64_t> memory) {
  if (quota && period) {
    const auto cpus = static_cast<double>(*quota) / static_cast<double>(*period);
    limits.cpus = std::min(limits.cpus.value_or(cpus), cpus);
  }
  if (memory && *memory < no_memory_limit) limits.memory = std::min(limits.memory.value_or(*memory), *memory);
}

void look_into(const fs::path& group, ContainerLimits& limits) {
  lower(limits, count_of(word_of(group / "cpu.max")), count_of(word_of(group / "cpu.max", 1)),
        count_of(word_of(group / "memory.max")));
  lower(limits, count_of(word_of(group / "cpu.cfs_quota_us")), count_of(word_of(group / "cpu.cfs_period_us")),
        count_of(word_of(group / "memory.limit_in_bytes")));
}

/// The group, and those that it is in. In a container the path may be that of the host, and then only the
/// container's own group, which is the first one there, can be seen.
void look_along(const fs::path& mount, const fs::path& path, ContainerLimits& limits) {
  look_into(mount, limits);
  auto group = mount;
  for (const auto& name : path.relative_path()) {
    if (name == "..") return;
    group /= name;
    look_into(group, limits);
  }
}

}  // namespace

ContainerLimits container_limits(const fs::path& root) {
  ContainerLimits limits;
  const auto mounts = root / "sys/fs/cgroup";
  std::ifstream lines(root / "proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {  // "4:cpu,cpuacct:/path", of version 2 "0::/path"
    const auto first = line.find(':');
    const auto second = line.find(':', first == line.npos ? first : first + 1);
    if (second == line.npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    look_along(controllers.empty() ? mounts : mounts / controllers, line.substr(second + 1), limits);
  }
  return limits;
}

std::size_t usable_cpus(const ContainerLimits& limits) {
  std::size_t cpus = std::max(1U, std::thread::hardware_concurrency());
  cpu_set_t set;
  // It fails where there are more CPUs than the set has room for.
  if (::sched_getaffinity(0, sizeof set, &set) == 0) cpus = static_cast<std::size_t>(CPU_COUNT(&set));
  if (limits.cpus) cpus = std::min(cpus, static_cast<std::size_t>(std::ceil(*limits.cpus)));
  return std::max<std::size_t>(cpus, 1);
}

}  // namespace troupe
