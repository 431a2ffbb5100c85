#include "actors/database/commit_time.hpp"

#include <catch2/catch.hpp>

#include "support/random.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;

namespace {

/// Transactions of up to `most` rows, each of which takes `commit` and `row` for each of its rows.
CommitTime after_many(Duration commit, Duration row, std::size_t most, int many = 500) {
  Rng random(1, RandomStream::world_settings);
  CommitTime time;
  for (int i = 0; i < many; ++i) {
    const auto rows = 1 + random.below(most);
    time.add(rows, commit + static_cast<int>(rows) * row);
  }
  return time;
}

double us(Duration value) {
  return to_seconds(value) * 1e6;
}

}  // namespace

TEST_CASE("a commit's own part and what a row adds are told apart") {
  struct Row {
    Duration commit, row;
  };
  const auto row =
      GENERATE(values<Row>({{2200us, 20us}, {150us, 20us}, {100us, 5ms}, {0us, 1ms}, {3ms, 0us}}));
  const auto time = after_many(row.commit, row.row, 60);
  CHECK(us(time.commit()) == Approx(us(row.commit)).margin(2));
  CHECK(us(time.per_row()) == Approx(us(row.row)).margin(2));
}

TEST_CASE("while all transactions have as many rows all of their time counts as the commit's") {
  CommitTime time;
  for (int i = 0; i < 100; ++i) time.add(32, 2ms);
  CHECK(us(time.commit()) == Approx(2'000).margin(1));
  CHECK(time.per_row() == Duration{});
  CHECK(time.rows() == Approx(32));
}

TEST_CASE("a disk that becomes slower is noticed within some hundred commits, one stall is not") {
  auto time = after_many(200us, 20us, 60);
  time.add(10, 3s);
  CHECK(us(time.commit()) < 400);
  for (int i = 0; i < 600; ++i) time.add(static_cast<std::size_t>(1 + i % 40), 5ms + (1 + i % 40) * 20us);
  CHECK(us(time.commit()) == Approx(5'000).epsilon(0.05));
}

TEST_CASE("before the first commit nothing is known") {
  CHECK_FALSE(CommitTime{}.known());
  CHECK(CommitTime{}.commit() == Duration{});
}
