#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include <catch2/catch.hpp>

#include "support/random.hpp"

using namespace troupe;

namespace {

const std::vector<RandomStream> all_streams{
    RandomStream::user_task,       RandomStream::user_key,        RandomStream::user_think,
    RandomStream::user_data,       RandomStream::arrivals,        RandomStream::dropped_task,
    RandomStream::stand_in,        RandomStream::reconnect,       RandomStream::sweep_order,
    RandomStream::curve_bootstrap, RandomStream::choice_bootstrap};

constexpr std::uint64_t draws = 20'000;

// Of the first numbers of consumers 0, 1, 2, … of two streams: what somebody who always shares a worker's
// number with a user would see.
double correlation(RandomStream a, RandomStream b, std::uint64_t seed) {
  double sum = 0;
  for (std::uint64_t i = 0; i < draws; ++i) {
    sum += (Rng(seed, a, i).uniform() - 0.5) * (Rng(seed, b, i).uniform() - 0.5);
  }
  return 12 * sum / draws;  // a uniform number's variance is 1/12
}

}  // namespace

TEST_CASE("the generator gives SplitMix64's published numbers") {
  // The first outputs for seed 1234567, as listed by the reference implementation's users (Rosetta Code,
  // "SplitMix64").
  Rng rng(1234567);
  REQUIRE(rng() == 6457827717110365317ULL);
  REQUIRE(rng() == 3203168211198807973ULL);
  REQUIRE(rng() == 9817491932198370423ULL);
}

TEST_CASE("a consumer's numbers repeat, and differ between consumers, streams and seeds") {
  const auto first = [](std::uint64_t seed, RandomStream stream, std::uint64_t index) {
    return Rng(seed, stream, index)();
  };
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    for (const auto stream : all_streams) {
      for (std::uint64_t index = 0; index < 30; ++index) {
        CHECK(first(seed, stream, index) == first(seed, stream, index));
        seen.insert(first(seed, stream, index));
      }
    }
  }
  CHECK(seen.size() == 30 * all_streams.size() * 30);
}

TEST_CASE("what one stream draws tells nothing about what another one draws") {
  const auto seed = GENERATE(1ULL, 2ULL, 12345678901ULL);
  for (const auto a : all_streams) {
    for (const auto b : all_streams) {
      if (a < b) CHECK(std::abs(correlation(a, b, seed)) < 5 / std::sqrt(draws));
    }
  }
}

TEST_CASE("one consumer's draws go on apart from another's") {
  // Two streams of one generator must not be the same numbers some steps on.
  std::set<std::uint64_t> seen;
  for (const auto stream : all_streams) {
    Rng rng(1, stream, 0);
    for (int i = 0; i < 10'000; ++i) seen.insert(rng());
  }
  CHECK(seen.size() == all_streams.size() * 10'000);
}

TEST_CASE("first draws of neighbouring users are spread evenly") {
  double sum = 0;
  std::vector<int> tenths(10);
  for (std::uint64_t user = 0; user < 100'000; ++user) {
    const double value = Rng(1, RandomStream::user_task, user).uniform();
    sum += value;
    ++tenths[static_cast<std::size_t>(value * 10)];
  }
  REQUIRE(sum / 100'000 == Approx(0.5).margin(0.004));
  for (const int count : tenths) REQUIRE(count == Approx(10'000).margin(400));
}

TEST_CASE("a bounded draw reaches every value below its bound, all alike") {
  Rng rng(5);
  std::map<std::uint64_t, int> counts;
  for (int i = 0; i < 70'000; ++i) ++counts[rng.below(7)];
  REQUIRE(counts.size() == 7);
  REQUIRE(counts.rbegin()->first == 6);
  for (const auto& [value, count] : counts) REQUIRE(count == Approx(10'000).margin(400));
}
