#include "sweep/run/machine_cpu.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <limits>
#include <string>

namespace troupe::sweep {

std::optional<CpuTimes> parse_cpu_times(std::string_view proc_stat) {
  constexpr std::string_view label = "cpu ";
  // user nice system idle iowait irq softirq steal; guest and guest_nice follow, which user and nice contain.
  constexpr std::size_t fields = 8, idle = 3, iowait = 4;
  if (!proc_stat.starts_with(label)) return std::nullopt;
  auto line = proc_stat.substr(label.size(), proc_stat.find('\n') - label.size());
  std::array<std::uint64_t, fields> ticks{};
  CpuTimes times;
  for (auto& field : ticks) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const auto read = std::from_chars(line.data(), line.data() + line.size(), field);
    if (read.ec != std::errc{}) return std::nullopt;
    line.remove_prefix(static_cast<std::size_t>(read.ptr - line.data()));
    times.total += field;
  }
  times.busy = times.total - ticks[idle] - ticks[iowait];
  return times;
}

std::optional<CpuTimes> cpu_times() {
  std::ifstream in("/proc/stat");
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  return parse_cpu_times(line);
}

double busy_share(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after) {
  if (!before || !after || after->total <= before->total) return std::numeric_limits<double>::quiet_NaN();
  // The kernel's iowait can run backwards a little, and then busy grows by more than total.
  const auto busy = static_cast<double>(after->busy) - static_cast<double>(before->busy);
  return std::clamp(busy / static_cast<double>(after->total - before->total), 0.0, 1.0);
}

}  // namespace troupe::sweep
