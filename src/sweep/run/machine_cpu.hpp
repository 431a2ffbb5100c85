#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string_view>

#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// CPU time that was spent by one moment. The kernel counts the machine's in ticks of 10 ms (proc(5)) and a
/// process' in nanoseconds.
struct CpuTimes {
  using Time = std::chrono::nanoseconds;

  Time busy{};                       ///< of all CPUs, whoever used them, with what was stolen
  Time total{};                      ///< of all CPUs
  Time stolen{};                     ///< given to others by a hypervisor
  Time troupe{};                     ///< this process
  std::map<int, Time> postgresql{};  ///< by process id
  std::optional<Time> service{};     ///< an outside service's processes; absent: not known
};

/// From the content of /proc/stat: busy, total and stolen; nothing when it does not look like one. Idle and
/// iowait count as free, since a CPU that waits for a disk can run something else. Guest time is part of user
/// time already.
std::optional<CpuTimes> parse_cpu_times(std::string_view proc_stat);

/// What /proc/PID/stat says of one process; nothing when it is no such text. The name may hold blanks and
/// parentheses.
struct ProcessStat {
  std::string_view name;
  int parent = 0;                 ///< its process id
  CpuTimes::Time of_the_ended{};  ///< CPU time of its children that it has waited for, in whole ticks
};
std::optional<ProcessStat> parse_process_stat(std::string_view proc_pid_stat);

/// What process `pid` has used with all of its threads, by its own clock (clock_getcpuclockid(3)): a service
/// that takes less than a tick in a run is measured, too. Nothing when there is no such process.
std::optional<CpuTimes::Time> process_cpu_time(int pid);

/// Now; nothing when /proc cannot be read.
std::optional<CpuTimes> cpu_times();

/// Who used the CPUs between two samples; all NaN when one is missing or no time lies between them. Whatever
/// is called postgres counts as PostgreSQL; what is the service's is none of the others'.
CpuShares cpu_shares(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after);

/// Whether others than us and the service took so much between two samples that the figures are theirs, too:
/// more than 5 % of the machine, and so much that it is not the clock's grain. `outside`: the server is
/// a service that is not ours; where nobody knows what that took, only what a hypervisor took counts.
bool disturbed(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after,
               bool outside = false);

}  // namespace troupe::sweep
