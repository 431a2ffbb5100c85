#include "sweep/run/machine_cpu.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <string>

#include "support/read_file.hpp"

namespace troupe::sweep {
namespace {

constexpr std::string_view postgresql_name = "postgres";
constexpr double tolerated_others = 0.05;
constexpr std::chrono::milliseconds least_time{100};

CpuTimes::Time of_ticks(std::uint64_t ticks) {
  static const auto tick = CpuTimes::Time(std::chrono::seconds(1)) / ::sysconf(_SC_CLK_TCK);
  return static_cast<CpuTimes::Time::rep>(ticks) * tick;
}

/// Takes the next number out of a text of numbers and blanks.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return value;
}

void add_processes(CpuTimes& times) {
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const auto name = entry.path().filename().string();
    int pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc{}) continue;
    const auto text = read_file(entry.path() / "stat");
    if (!text) continue;  // it has ended meanwhile
    const auto process = parse_process_stat(*text);
    if (!process || process->name != postgresql_name) continue;
    if (const auto used = process_cpu_time(pid)) times.postgresql[pid] = *used;
  }
  times.troupe = process_cpu_time(::getpid()).value_or(CpuTimes::Time::zero());
}

using TimeByProcess = std::map<int, CpuTimes::Time>;
CpuTimes::Time grown(const TimeByProcess& before, const TimeByProcess& after) {
  CpuTimes::Time sum{};
  for (const auto& [pid, used] : after) {
    const auto earlier = before.find(pid);
    sum += used - (earlier != before.end() ? std::min(earlier->second, used) : CpuTimes::Time::zero());
  }
  return sum;
}

}  // namespace

std::optional<CpuTimes> parse_cpu_times(std::string_view proc_stat) {
  constexpr std::string_view label = "cpu ";
  // user nice system idle iowait irq softirq steal; guest and guest_nice follow, which user and nice contain.
  constexpr std::size_t fields = 8, idle = 3, iowait = 4, steal = 7;
  if (!proc_stat.starts_with(label)) return std::nullopt;
  auto line = proc_stat.substr(label.size(), proc_stat.find('\n') - label.size());
  std::array<CpuTimes::Time, fields> spent{};
  CpuTimes times;
  for (auto& field : spent) {
    const auto number = take_number(line);
    if (!number) return std::nullopt;
    field = of_ticks(*number);
    times.total += field;
  }
  times.busy = times.total - spent[idle] - spent[iowait];
  times.stolen = spent[steal];
  return times;
}

std::optional<ProcessStat> parse_process_stat(std::string_view proc_pid_stat) {
  // pid (name) state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime
  // cstime …
  constexpr int numbers_from_pgrp_to_cutime = 11;
  const auto open = proc_pid_stat.find('('), close = proc_pid_stat.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  auto rest = proc_pid_stat.substr(close + 1);
  rest.remove_prefix(std::min<std::size_t>(rest.size(), 2));  // " S"
  rest.remove_prefix(std::min<std::size_t>(rest.size(), 1));
  const auto parent = take_number(rest);
  for (int i = 0; i < numbers_from_pgrp_to_cutime; ++i) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" -"), rest.size()));  // tpgid may be -1
    if (!take_number(rest)) return std::nullopt;
  }
  const auto user = take_number(rest), system = take_number(rest);
  if (!parent || !user || !system) return std::nullopt;
  return ProcessStat{proc_pid_stat.substr(open + 1, close - open - 1), static_cast<int>(*parent),
                     of_ticks(*user + *system)};
}

std::optional<CpuTimes::Time> process_cpu_time(int pid) {
  ::clockid_t clock{};
  ::timespec used{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return std::nullopt;
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

std::optional<CpuTimes> cpu_times() {
  const auto text = read_file("/proc/stat");
  auto times = text ? parse_cpu_times(*text) : std::nullopt;
  if (times) add_processes(*times);
  return times;
}

CpuShares cpu_shares(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after) {
  if (!before || !after || after->total <= before->total) return {};
  const auto total = std::chrono::duration<double>(after->total - before->total);
  const auto share = [&](CpuTimes::Time from, CpuTimes::Time to) {
    // The kernel's iowait can run backwards a little, and busy with it.
    return std::clamp((to - from) / total, 0.0, 1.0);
  };
  CpuShares out{.machine = share(before->busy, after->busy),
                .troupe = share(before->troupe, after->troupe),
                .postgresql = share({}, grown(before->postgresql, after->postgresql)),
                .stolen = share(before->stolen, after->stolen)};
  const double service = before->service && after->service ? share(*before->service, *after->service) : 0;
  out.others = std::max(0.0, out.machine - out.troupe - out.postgresql - service - out.stolen);
  return out;
}

bool disturbed(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after, bool outside) {
  const auto shares = cpu_shares(before, after);
  const bool others_known = !outside || (before && before->service && after && after->service);
  const double share = shares.stolen + (others_known ? shares.others : 0);
  if (!(share > tolerated_others)) return false;  // nor when it is unknown
  return share * (after->total - before->total) >= least_time;
}

}  // namespace troupe::sweep
