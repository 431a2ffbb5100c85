#include "http/limits/rate_table.hpp"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace troupe;
using namespace troupe::http;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint start_of_day{1h};
constexpr std::uint64_t me = 7;

int taken_at_once(RateTable& table, std::uint64_t client, TimePoint now, int tries = 1000) {
  int taken = 0;
  for (int i = 0; i < tries; ++i) taken += table.take(client, now) ? 0 : 1;
  return taken;
}

}  // namespace

TEST_CASE("a client may take a bucketful at once, and then as the bucket fills") {
  struct Row {
    double rate;
    std::size_t burst;
    Duration later;
    int then;
  };
  const auto row = GENERATE(values<Row>({
      {10, 20, 0ms, 0},
      {10, 20, 99ms, 0},
      {10, 20, 100ms, 1},
      {10, 20, 1s, 10},
      {10, 20, 1h, 20},
      {0.5, 1, 1999ms, 0},
      {0.5, 1, 2s, 1},
      {1000, 1, 10ms, 1},
      {1000, 50, 10ms, 10},
  }));
  CAPTURE(row.rate, row.burst, row.later.count());
  RateTable table(row.rate, row.burst, 100, 1);
  CHECK(taken_at_once(table, me, start_of_day) == static_cast<int>(row.burst));
  CHECK(taken_at_once(table, me, start_of_day + row.later) == row.then);
}

TEST_CASE("who is refused is told when to come again, and then is not") {
  RateTable table(4, 2, 100, 1);
  CHECK_FALSE(table.take(me, start_of_day));
  CHECK_FALSE(table.take(me, start_of_day));
  const auto wait = table.take(me, start_of_day + 50ms);
  REQUIRE(wait);
  CHECK(*wait == 200ms);
  CHECK(table.take(me, start_of_day + 50ms + *wait - 1ns));
  CHECK_FALSE(table.take(me, start_of_day + 50ms + *wait));
}

TEST_CASE("refusals take nothing: a client that never stops asking gets its rate") {
  RateTable table(10, 5, 100, 1);
  int taken = 0;
  for (auto time = start_of_day; time < start_of_day + 10s; time += 1ms)
    taken += table.take(me, time) ? 0 : 1;
  CHECK(taken == 5 + 99);
}

TEST_CASE("clients have buckets of their own, whatever their numbers are") {
  RateTable table(1, 3, 10'000, 1);
  for (std::uint64_t client = 0; client < 2'000; ++client) {
    const auto number = client % 2 == 0 ? client : client << 48;
    CAPTURE(number);
    CHECK(taken_at_once(table, number, start_of_day, 5) == 3);
  }
}

TEST_CASE("in a full table one whose bucket is full again makes room, and one who is busy stays") {
  RateTable table(1, 4, 8, 1);  // one set of slots
  for (std::uint64_t client = 1; client <= 8; ++client) CHECK_FALSE(table.take(client, start_of_day));
  CHECK(taken_at_once(table, 1, start_of_day) == 3);
  for (std::uint64_t stranger = 100; stranger < 107; ++stranger)
    CHECK(taken_at_once(table, stranger, start_of_day + 2s, 2) == 2);
  CHECK(taken_at_once(table, 1, start_of_day + 2s) == 2);
}

TEST_CASE("without a rate everybody passes") {
  RateTable table;
  CHECK_FALSE(table.limits());
  CHECK(taken_at_once(table, me, start_of_day) == 1000);
}

TEST_CASE("a rate beyond what a clock tells apart, and one of years, are still rates") {
  RateTable fast(1e12, 1'000'000'000, 8, 1), slow(1e-12, 1, 8, 1);
  CHECK(taken_at_once(fast, me, start_of_day) == 1000);
  CHECK(taken_at_once(slow, me, start_of_day) == 1);
  CHECK(taken_at_once(slow, me, start_of_day + 1h) == 0);
}

TEST_CASE("threads that take at once get no token twice") {
  constexpr int threads = 4;
  constexpr std::uint64_t clients = 64;
  RateTable table(1, 100, 8 * clients, 1);
  std::array<std::atomic<int>, clients> taken{};
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        for (std::uint64_t client = 0; client < clients; ++client)
          if (!table.take(client, start_of_day)) taken[client].fetch_add(1);
      }
    });
  }
  for (auto& thread : running) thread.join();
  for (const auto& count : taken) CHECK(count == 100);
}
