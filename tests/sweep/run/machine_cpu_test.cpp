#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <string>

#include "sweep/run/machine_cpu.hpp"

using namespace troupe::sweep;
using namespace std::chrono_literals;

TEST_CASE("busy is what is neither idle nor waiting for a disk, stolen time included, guests counted once") {
  const auto times = parse_cpu_times(
      "cpu  100 20 30 1000 200 4 5 6 50 7\n"
      "cpu0 100 20 30 1000 200 4 5 6 50 7\n"
      "intr 1 2 3\n");
  REQUIRE(times);
  CHECK(times->busy == 1650ms);
  CHECK(times->total == 13'650ms);
  CHECK(times->stolen == 60ms);
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
  const std::string numbers = " S 1 2 3 4 -1 6 7 8 9 10 250 50 7 5 20 0 1 0 100 200 300";
  const std::string name = GENERATE(as<std::string>{}, "postgres", "a b", "x) S (y", "");
  const auto text = "42 (" + name + ")" + numbers;
  const auto process = parse_process_stat(text);
  REQUIRE(process);
  CHECK(process->name == name);
  CHECK(process->parent == 1);
  CHECK(process->of_the_ended == 120ms);
  const std::string wrong = GENERATE(as<std::string>{}, "", "42", "42 (postgres", ")(", "42 (postgres) S 1 2",
                                     "42 (postgres) S 1 2 3 4 -1 6 7 8 9 10 250 50");
  CHECK_FALSE(parse_process_stat(wrong));
}

TEST_CASE("the CPUs are dealt out to us, PostgreSQL, what was stolen, and the others") {
  const CpuTimes before{100s, 1'000s, 10s, 50s, {{1, 20s}, {2, 5s}}};
  const CpuTimes after{180s, 1'100s, 12s, 90s, {{1, 30s}, {3, 6s}}};  // process 2 has ended, 3 is new
  const auto shares = cpu_shares(before, after);
  CHECK(shares.machine == Approx(0.8));
  CHECK(shares.troupe == Approx(0.4));
  CHECK(shares.postgresql == Approx(0.16));
  CHECK(shares.stolen == Approx(0.02));
  CHECK(shares.others == Approx(0.22));
  CHECK(disturbed(before, after));
}

TEST_CASE("a share is never below nothing or above all, though the kernel's iowait runs backwards") {
  CHECK(cpu_shares(CpuTimes{100s, 1'000s}, CpuTimes{205s, 1'100s}).machine == 1);
  CHECK(cpu_shares(CpuTimes{100s, 1'000s}, CpuTimes{95s, 1'100s}).machine == 0);
}

TEST_CASE("without two samples and time between them nothing is known, and nobody disturbed") {
  const CpuTimes some{100s, 1'000s};
  for (const auto& shares : {cpu_shares(std::nullopt, some), cpu_shares(some, std::nullopt),
                             cpu_shares(some, some), cpu_shares(some, CpuTimes{50s, 500s})}) {
    CHECK(std::isnan(shares.machine));
    CHECK(std::isnan(shares.others));
  }
}

TEST_CASE("this machine's CPU times can be read and only grow") {
  const auto before = cpu_times(), after = cpu_times();
  REQUIRE(before);
  REQUIRE(after);
  CHECK(before->total > 0s);
  CHECK(after->total >= before->total);
  CHECK(after->troupe >= before->troupe);
}

TEST_CASE("what a process uses is known in less than the ticks of /proc") {
  const auto before = process_cpu_time(::getpid());
  REQUIRE(before);
  auto after = before;
  for (int call = 0; call < 1'000'000 && after == before; ++call) after = process_cpu_time(::getpid());
  CHECK(*after > *before);
  CHECK(*after - *before < 10ms);
  CHECK_FALSE(process_cpu_time(2'000'000'000));
}

TEST_CASE("who takes little, or a few ticks of a short time, disturbs nobody") {
  const CpuTimes none{};
  CHECK_FALSE(disturbed(none, CpuTimes{40ms, 1s}));
  CHECK_FALSE(disturbed(none, CpuTimes{90ms, 400ms}));
  CHECK(disturbed(none, CpuTimes{120ms, 400ms}));
  CHECK(disturbed(none, CpuTimes{120ms, 400ms, 120ms}));  // stolen
  CHECK_FALSE(disturbed(none, CpuTimes{9s, 10s, 0s, 9s}));
  CHECK_FALSE(disturbed(std::nullopt, none));
}
