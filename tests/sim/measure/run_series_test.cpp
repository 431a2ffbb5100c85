#include "sim/measure/run_series.hpp"

#include <malloc.h>

#include <catch2/catch.hpp>
#include <utility>

#include "sim/measure/run_statistics.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::Duration;
using troupe::Histogram;

namespace {

/// A tenth of a second in which so many answers came, of 1 ms and the last of `slowest`.
Interval tenth(int number, std::uint64_t answers, Duration slowest = 1ms) {
  Interval out;
  out.begin = 100ms * number;
  out.end = 100ms * (number + 1);
  out.users = 3;
  out.busy = 1;
  out.tasks.resize(1);
  auto& task = out.tasks[0];
  Histogram times, none;
  times.record(1ms, answers - 1);
  times.record(slowest);
  task.good = {times.sparse(), times.sparse(), times.sparse()};
  task.bad = {none.sparse(), none.sparse(), none.sparse()};
  task.ok = answers;
  return out;
}

}  // namespace

TEST_CASE("a run of an hour has a point a second, a longer one no more points than that") {
  CHECK(seconds_per_point(1s) == 1);
  CHECK(seconds_per_point(1h) == 1);
  CHECK(seconds_per_point(1h + 1ns) == 2);
  CHECK(seconds_per_point(24h) == 30);
  CHECK(seconds_per_point(Duration::max()) == 1);  // nobody knows
}

TEST_CASE("a point of several seconds has the figures of all of them") {
  RunSeries series(2h);
  for (int i = 0; i < 20; ++i) series.add(tenth(i, 100, i == 7 ? Duration(9ms) : Duration(1ms)), i >= 10);
  for (int i = 20; i < 25; ++i) series.add(tenth(i, 100), true);
  CHECK(series.last_second().second == 1);
  CHECK(series.last_second().max == 1ms);
  series.close();
  CHECK(series.early().size() == 2);
  const auto points = std::move(series).points({});
  REQUIRE(points.size() == 2);
  CHECK(points[0].seconds == 2);
  CHECK(points[0].requests == 2'000);
  CHECK(points[0].rate_per_s == Approx(1'000));
  CHECK(points[0].max == 9ms);
  CHECK(points[0].measured);
  CHECK(points[1].second == 2);
  CHECK(points[1].rate_per_s == Approx(1'000));
  CHECK(points[1].requests_so_far == 2'500);
}

TEST_CASE("points in front of a cut are not measured") {
  RunSeries series(10s);
  for (int i = 0; i < 50; ++i) series.add(tenth(i, 10), true);
  series.close();
  const auto points = std::move(series).points(2s);
  CHECK_FALSE(points[1].measured);
  CHECK(points[2].measured);
}

#ifndef __SANITIZE_ADDRESS__  // whose heap mallinfo2 does not know
TEST_CASE("the statistics of a day take no more memory than those of its first hours") {
  RunStatistics statistics({{"get", "GET", 1}}, WarmUp{std::nullopt}, {}, 10s, 24h);
  const int hour = 36'000;
  const auto used_after = [&](int from, int to) {
    for (int i = from; i < to; ++i) statistics.add(tenth(i, 100));
    return static_cast<std::ptrdiff_t>(mallinfo2().uordblks);
  };
  const auto before = used_after(0, 2 * hour);
  const auto after = used_after(2 * hour, 24 * hour);
  CHECK(after - before < 1 << 20);  // its points
  RunResult result;
  statistics.finish(24h, result);
  CHECK(result.series.size() == 2'880);
  CHECK(result.total.requests == 86'400'000);
  CHECK(result.run.steady == true);
}
#endif
