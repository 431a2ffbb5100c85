#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace troupe {

/// What control groups allow this process; nothing: any.
struct ContainerLimits {
  std::optional<double> cpus{};           ///< CPU time in a second, in seconds
  std::optional<std::uint64_t> memory{};  ///< bytes
};

/// The least that the process's control group and those around it allow, of version 2 (cpu.max, memory.max)
/// or 1 (cpu.cfs_quota_us, memory.limit_in_bytes). Files that are not there or not understood allow
/// everything. `root`: where /proc and /sys are; a test has some of its own.
ContainerLimits container_limits(const std::filesystem::path& root = "/");

/// How many threads can run at once: the CPUs that the process may run on (sched_getaffinity(2)), or fewer
/// where its quota of time is less than theirs, rounded up; at least one.
std::size_t usable_cpus(const ContainerLimits& limits);

}  // namespace troupe
