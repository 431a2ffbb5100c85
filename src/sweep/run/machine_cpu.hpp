#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// CPU time that was spent by one moment, in clock ticks (proc(5)).
struct CpuTimes {
  std::uint64_t busy = 0;                     ///< of all CPUs, whoever used them, with what was stolen
  std::uint64_t total = 0;                    ///< of all CPUs
  std::uint64_t stolen = 0;                   ///< given to others by a hypervisor
  std::uint64_t troupe = 0;                   ///< this process
  std::map<int, std::uint64_t> postgresql{};  ///< by process id
  std::optional<std::uint64_t> service{};     ///< an outside service's processes; absent: not known
};

/// From the content of /proc/stat: busy, total and stolen; nothing when it does not look like one. Idle and
/// iowait count as free, since a CPU that waits for a disk can run something else. Guest time is part of user
/// time already.
std::optional<CpuTimes> parse_cpu_times(std::string_view proc_stat);

/// What /proc/PID/stat says of one process; nothing when it is no such text. The name may hold blanks and
/// parentheses.
struct ProcessTicks {
  std::string_view name;
  std::uint64_t ticks = 0;
  int parent = 0;                  ///< its process id
  std::uint64_t of_the_ended = 0;  ///< ticks of its children that it has waited for
};
std::optional<ProcessTicks> parse_process_ticks(std::string_view proc_pid_stat);

/// Now; nothing when /proc cannot be read.
std::optional<CpuTimes> cpu_times();

/// Who used the CPUs between two samples; all NaN when one is missing or no time lies between them. Whatever
/// is called postgres counts as PostgreSQL; what is the service's is none of the others'.
CpuShares cpu_shares(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after);

/// Whether others than us and the service took so much between two samples that the figures are theirs, too:
/// more than 5 % of the machine, and so many ticks that it is not the clock's grain. `outside`: the server is
/// a service that is not ours; where nobody knows what that took, only what a hypervisor took counts.
bool disturbed(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after,
               bool outside = false);

}  // namespace troupe::sweep
