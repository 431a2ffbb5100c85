#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "sweep/run/machine_cpu.hpp"

using namespace troupe::sweep;

TEST_CASE("busy is what is neither idle nor waiting for a disk, stolen time included, guests counted once") {
  const auto times = parse_cpu_times(
      "cpu  100 20 30 1000 200 4 5 6 50 7\n"
      "cpu0 100 20 30 1000 200 4 5 6 50 7\n"
      "intr 1 2 3\n");
  REQUIRE(times);
  CHECK(times->busy == 165);
  CHECK(times->total == 1365);
  CHECK(times->stolen == 6);
}

TEST_CASE("what is no /proc/stat is not read") {
  const std::string text =
      GENERATE(as<std::string>{}, "", "cpu", "cpu ", "cpu  1 2 3", "cpu0 1 2 3 4 5 6 7 8\n",
               "cpu  1 2 3 4 5 6 7\ncpu0 8 9\n", "cpu  1 2 3 x 5 6 7 8\n", "intr 1\n",
               "cpu  1 2 3 4 -5 6 7 8\n", "cpu  99999999999999999999 2 3 4 5 6 7 8\n");
  CAPTURE(text);
  CHECK_FALSE(parse_cpu_times(text));
}

TEST_CASE("a process is known by its name, which may hold anything") {
  const std::string numbers = " S 1 2 3 4 -1 6 7 8 9 10 250 50 0 0 20 0 1 0 100 200 300";
  const std::string name = GENERATE(as<std::string>{}, "postgres", "a b", "x) S (y", "");
  const auto text = "42 (" + name + ")" + numbers;
  const auto process = parse_process_ticks(text);
  REQUIRE(process);
  CHECK(process->name == name);
  CHECK(process->ticks == 300);
  const std::string wrong =
      GENERATE(as<std::string>{}, "", "42", "42 (postgres", ")(", "42 (postgres) S 1 2");
  CHECK_FALSE(parse_process_ticks(wrong));
}

TEST_CASE("the CPUs are dealt out to us, PostgreSQL, what was stolen, and the others") {
  const CpuTimes before{100, 1'000, 10, 50, {{1, 20}, {2, 5}}};
  const CpuTimes after{180, 1'100, 12, 90, {{1, 30}, {3, 6}}};  // process 2 has ended, 3 is new
  const auto shares = cpu_shares(before, after);
  CHECK(shares.machine == Approx(0.8));
  CHECK(shares.troupe == Approx(0.4));
  CHECK(shares.postgresql == Approx(0.16));
  CHECK(shares.stolen == Approx(0.02));
  CHECK(shares.others == Approx(0.22));
  CHECK(disturbed(before, after));
}

TEST_CASE("a share is never below nothing or above all, though the kernel's iowait runs backwards") {
  CHECK(cpu_shares(CpuTimes{100, 1'000, 0, 0}, CpuTimes{205, 1'100, 0, 0}).machine == 1);
  CHECK(cpu_shares(CpuTimes{100, 1'000, 0, 0}, CpuTimes{95, 1'100, 0, 0}).machine == 0);
}

TEST_CASE("without two samples and time between them nothing is known, and nobody disturbed") {
  const CpuTimes some{100, 1'000, 0, 0};
  for (const auto& shares : {cpu_shares(std::nullopt, some), cpu_shares(some, std::nullopt),
                             cpu_shares(some, some), cpu_shares(some, CpuTimes{50, 500, 0, 0})}) {
    CHECK(std::isnan(shares.machine));
    CHECK(std::isnan(shares.others));
  }
}

TEST_CASE("this machine's CPU times can be read and only grow") {
  const auto before = cpu_times(), after = cpu_times();
  REQUIRE(before);
  REQUIRE(after);
  CHECK(before->total > 0);
  CHECK(after->total >= before->total);
  CHECK(after->troupe >= before->troupe);
}

TEST_CASE("who takes little, or a few ticks of a short time, disturbs nobody") {
  const CpuTimes none{0, 0, 0, 0};
  CHECK_FALSE(disturbed(none, CpuTimes{4, 100, 0, 0}));
  CHECK_FALSE(disturbed(none, CpuTimes{9, 40, 0, 0}));
  CHECK(disturbed(none, CpuTimes{12, 40, 0, 0}));
  CHECK(disturbed(none, CpuTimes{12, 40, 12, 0}));  // stolen
  CHECK_FALSE(disturbed(none, CpuTimes{900, 1'000, 0, 900}));
  CHECK_FALSE(disturbed(std::nullopt, none));
}
