#include "support/container_limits.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "helpers/server_process.hpp"

using namespace troupe;
namespace fs = std::filesystem;

namespace {

struct File {
  std::string path, text;
};

/// A tree with these files where /proc and /sys would be.
ContainerLimits limits_of(const std::vector<File>& files) {
  const tests::TemporaryDirectory root;
  for (const auto& file : files) {
    const auto path = root.path() / file.path;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << file.text;
  }
  return container_limits(root.path());
}

}  // namespace

TEST_CASE("the quota and the memory of a container are known, by either version of control groups") {
  struct Row {
    std::string what;
    std::vector<File> files;
    std::optional<double> cpus;
    std::optional<std::uint64_t> memory;
  };
  const std::string v2 = "sys/fs/cgroup/";
  const auto row = GENERATE_COPY(values<Row>({
      {"nothing", {}, {}, {}},
      {"no limit",
       {{"proc/self/cgroup", "0::/\n"}, {v2 + "cpu.max", "max 100000\n"}, {v2 + "memory.max", "max\n"}},
       {},
       {}},
      {"a container that sees itself as the root",
       {{"proc/self/cgroup", "0::/\n"},
        {v2 + "cpu.max", "150000 100000\n"},
        {v2 + "memory.max", "268435456\n"}},
       1.5,
       268435456},
      {"a unit within a slice, which has less",
       {{"proc/self/cgroup", "0::/a.slice/b.service\n"},
        {v2 + "a.slice/cpu.max", "50000 100000"},
        {v2 + "a.slice/b.service/cpu.max", "200000 100000"},
        {v2 + "a.slice/memory.max", "max"},
        {v2 + "a.slice/b.service/memory.max", "1000000"}},
       0.5,
       1000000},
      {"a path of the host's",
       {{"proc/self/cgroup", "0::/../../x\n"}, {v2 + "cpu.max", "100000 100000"}},
       1.0,
       {}},
      {"version 1 in a container",
       {{"proc/self/cgroup", "5:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n1:name=systemd:/docker/x\n"},
        {v2 + "cpu,cpuacct/cpu.cfs_quota_us", "400000"},
        {v2 + "cpu,cpuacct/cpu.cfs_period_us", "100000"},
        {v2 + "memory/memory.limit_in_bytes", "536870912"}},
       4.0,
       536870912},
      {"version 1 without limits",
       {{"proc/self/cgroup", "5:memory:/\n4:cpu,cpuacct:/\n"},
        {v2 + "cpu,cpuacct/cpu.cfs_quota_us", "-1"},
        {v2 + "cpu,cpuacct/cpu.cfs_period_us", "100000"},
        {v2 + "memory/memory.limit_in_bytes", "9223372036854771712"}},
       {},
       {}},
      {"nonsense",
       {{"proc/self/cgroup", "0:\nx\n0::/\n"}, {v2 + "cpu.max", "many\n"}, {v2 + "memory.max", "\n"}},
       {},
       {}},
  }));
  CAPTURE(row.what);
  const auto limits = limits_of(row.files);
  CHECK(limits.cpus == row.cpus);
  CHECK(limits.memory == row.memory);
}

TEST_CASE("there are as many threads as CPUs, or as the quota fills, and never none") {
  const auto all = usable_cpus({});
  CHECK(all >= 1);
  CHECK(usable_cpus({.cpus = 0.1}) == 1);
  CHECK(usable_cpus({.cpus = 1.0}) == 1);
  CHECK(usable_cpus({.cpus = 1.5}) == std::min<std::size_t>(all, 2));
  CHECK(usable_cpus({.cpus = 1e6}) == all);
}
