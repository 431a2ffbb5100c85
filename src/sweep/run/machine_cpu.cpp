#include "sweep/run/machine_cpu.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <string>

#include "support/read_file.hpp"

namespace troupe::sweep {
namespace {

constexpr std::string_view postgresql_name = "postgres";
constexpr double tolerated_others = 0.05;
constexpr double least_ticks = 10;

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
    const auto process = parse_process_ticks(*text);
    if (process && process->name == postgresql_name) times.postgresql[pid] = process->ticks;
  }
  const auto self = read_file("/proc/self/stat");
  const auto ours = self ? parse_process_ticks(*self) : std::nullopt;
  if (ours) times.troupe = ours->ticks;
}

std::uint64_t grown(const std::map<int, std::uint64_t>& before, const std::map<int, std::uint64_t>& after) {
  std::uint64_t sum = 0;
  for (const auto& [pid, ticks] : after) {
    const auto earlier = before.find(pid);
    sum += ticks - (earlier != before.end() ? std::min(earlier->second, ticks) : 0);
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
  std::array<std::uint64_t, fields> ticks{};
  CpuTimes times;
  for (auto& field : ticks) {
    const auto number = take_number(line);
    if (!number) return std::nullopt;
    field = *number;
    times.total += field;
  }
  times.busy = times.total - ticks[idle] - ticks[iowait];
  times.stolen = ticks[steal];
  return times;
}

std::optional<ProcessTicks> parse_process_ticks(std::string_view proc_pid_stat) {
  // pid (name) state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime …
  constexpr int numbers_from_pgrp_to_utime = 9;
  const auto open = proc_pid_stat.find('('), close = proc_pid_stat.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  auto rest = proc_pid_stat.substr(close + 1);
  rest.remove_prefix(std::min<std::size_t>(rest.size(), 2));  // " S"
  rest.remove_prefix(std::min<std::size_t>(rest.size(), 1));
  const auto parent = take_number(rest);
  for (int i = 0; i < numbers_from_pgrp_to_utime; ++i) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" -"), rest.size()));  // tpgid may be -1
    if (!take_number(rest)) return std::nullopt;
  }
  const auto user = take_number(rest), system = take_number(rest);
  if (!parent || !user || !system) return std::nullopt;
  const auto ended_user = take_number(rest), ended_system = take_number(rest);
  return ProcessTicks{proc_pid_stat.substr(open + 1, close - open - 1), *user + *system,
                      static_cast<int>(*parent), ended_user.value_or(0) + ended_system.value_or(0)};
}

std::optional<CpuTimes> cpu_times() {
  const auto text = read_file("/proc/stat");
  auto times = text ? parse_cpu_times(*text) : std::nullopt;
  if (times) add_processes(*times);
  return times;
}

CpuShares cpu_shares(const std::optional<CpuTimes>& before, const std::optional<CpuTimes>& after) {
  if (!before || !after || after->total <= before->total) return {};
  const auto total = static_cast<double>(after->total - before->total);
  const auto share = [&](std::uint64_t from, std::uint64_t to) {
    // The kernel's iowait can run backwards a little, and busy with it.
    return std::clamp((static_cast<double>(to) - static_cast<double>(from)) / total, 0.0, 1.0);
  };
  CpuShares out{.machine = share(before->busy, after->busy),
                .troupe = share(before->troupe, after->troupe),
                .postgresql = share(0, grown(before->postgresql, after->postgresql)),
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
  return share * static_cast<double>(after->total - before->total) >= least_ticks;
}

}  // namespace troupe::sweep
