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
}

TEST_CASE("what is no /proc/stat is not read") {
  const std::string text =
      GENERATE(as<std::string>{}, "", "cpu", "cpu ", "cpu  1 2 3", "cpu0 1 2 3 4 5 6 7 8\n",
               "cpu  1 2 3 4 5 6 7\ncpu0 8 9\n", "cpu  1 2 3 x 5 6 7 8\n", "intr 1\n",
               "cpu  1 2 3 4 -5 6 7 8\n", "cpu  99999999999999999999 2 3 4 5 6 7 8\n");
  CAPTURE(text);
  CHECK_FALSE(parse_cpu_times(text));
}

TEST_CASE("the busy share is that of the time between two samples") {
  struct Case {
    CpuTimes before, after;
    double share;
  };
  const auto c = GENERATE(values<Case>({
      {{100, 1000}, {150, 1100}, 0.5},
      {{100, 1000}, {100, 1100}, 0},
      {{100, 1000}, {200, 1100}, 1},
      {{100, 1000}, {205, 1100}, 1},  // iowait ran backwards
      {{100, 1000}, {95, 1100}, 0},
  }));
  CHECK(busy_share(c.before, c.after) == Approx(c.share));
}

TEST_CASE("without two samples and time between them the busy share is not known") {
  const CpuTimes some{100, 1000};
  CHECK(std::isnan(busy_share(std::nullopt, some)));
  CHECK(std::isnan(busy_share(some, std::nullopt)));
  CHECK(std::isnan(busy_share(some, some)));
  CHECK(std::isnan(busy_share(some, CpuTimes{50, 500})));
}

TEST_CASE("this machine's CPU times can be read and only grow") {
  const auto before = cpu_times(), after = cpu_times();
  REQUIRE(before);
  REQUIRE(after);
  CHECK(before->total > 0);
  CHECK(after->total >= before->total);
}
