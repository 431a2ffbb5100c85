#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace troupe::sweep {

/// Time that all CPUs together spent since the machine started, in clock ticks (proc(5), /proc/stat).
struct CpuTimes {
  std::uint64_t busy = 0;
  std::uint64_t total = 0;
};

/// From the content of /proc/stat; nothing when it does not look like one. Idle and iowait count as free,
/// since a CPU that waits for a disk can run something else. Steal, what a hypervisor gave to others, counts
/// as busy: we could not have used it. Guest time is part of user time already.
std::optional<CpuTimes> parse_cpu_times(std::string_view proc_stat);

/// Now; nothing when /proc/stat cannot be read.
std::optional<CpuTimes> cpu_times();

/// The busy share of all CPUs between two samples, 0 to 1; NaN when one is missing or no time lies between
/// them.
double busy_share(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after);

}  // namespace troupe::sweep
