#include "actors/database/lanes.hpp"

#include <catch2/catch.hpp>

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;

TEST_CASE("writes are packed on as few connections as the commit time justifies") {
  struct Row {
    Duration commit, per_row;
    double rows;
    std::size_t connections, expected;
  };
  const auto row = GENERATE(values<Row>({
      {200us, 20us, 60, 4, 0},  // a quick commit: each worker's own
      {2ms, 20us, 60, 4, 1},    // most of it is waiting: one commit for all
      {5ms, 20us, 64, 66, 1},
      {2ms, 100us, 64, 16, 4},  // 6.4 ms of work between two commits of 2 ms
      {2ms, 10ms, 64, 16, 8},   // half of them at most
      {2ms, 10ms, 64, 3, 1},
      {2ms, 20us, 60, 1, 0},  // there is only one
      {0ms, 0us, 0, 4, 0},    // nothing is known yet
  }));
  CHECK(write_lanes(0, row.commit, row.per_row, row.rows, row.connections) == row.expected);
}

TEST_CASE("a commit time between quick and slow changes nothing, whichever it was") {
  CHECK(write_lanes(0, 850us, 20us, 30, 4) == 0);
  CHECK(write_lanes(1, 850us, 20us, 30, 4) == 1);
  CHECK(write_lanes(1, 600us, 20us, 30, 4) == 0);
  CHECK(write_lanes(0, 1100us, 20us, 30, 4) == 1);
}

TEST_CASE("work at the border of two numbers of connections keeps the one there is") {
  CHECK(write_lanes(1, 2ms, 20us, 120, 16) == 1);  // 1.2 commits' worth of work
  CHECK(write_lanes(2, 2ms, 20us, 80, 16) == 2);
  CHECK(write_lanes(2, 2ms, 20us, 40, 16) == 1);
  CHECK(write_lanes(1, 2ms, 20us, 200, 16) == 3);
}

TEST_CASE("an automatic pool has a connection per worker and two more; shared lanes never less than two") {
  DatabaseSettings settings;
  CHECK(pool_size_of(settings, 1) == 3);
  CHECK(pool_size_of(settings, 8) == 10);
  settings.lanes = LaneMode::shared;
  CHECK(pool_size_of(settings, 1) == 2);
  CHECK(pool_size_of(settings, 8) == 8);
  settings.pool_size = 5;
  CHECK(pool_size_of(settings, 8) == 5);
}

TEST_CASE("lanes are kept apart where writes gather and there are two connections") {
  DatabaseSettings settings;
  CHECK(uses_lanes(settings, 2));
  CHECK_FALSE(uses_lanes(settings, 1));
  settings.batching = GENERATE(Batching::pipeline, Batching::off);
  CHECK_FALSE(uses_lanes(settings, 4));
}
