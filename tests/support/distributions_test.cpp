#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <vector>

#include "support/distributions.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using troupe::Duration;

namespace {

constexpr int draws = 200'000;

struct Moments {
  double mean_s = 0, deviation_s = 0, least_s = 1e9, most_s = 0, median_s = 0;
};

Moments moments_of(const ThinkTime& think) {
  Rng rng(42);
  std::vector<double> values;
  double sum = 0, squares = 0;
  for (int i = 0; i < draws; ++i) {
    values.push_back(std::chrono::duration<double>(think.sample(rng)).count());
    sum += values.back();
    squares += values.back() * values.back();
  }
  std::sort(values.begin(), values.end());
  const double mean = sum / draws;
  return {mean, std::sqrt(squares / draws - mean * mean), values.front(), values.back(), values[draws / 2]};
}

double seconds(Duration value) {
  return std::chrono::duration<double>(value).count();
}

}  // namespace

TEST_CASE("a user's generator is small") {
  STATIC_REQUIRE(sizeof(Rng) <= 16);
}

TEST_CASE("think times have the mean, deviation and range of their distribution") {
  struct Case {
    std::string name;
    ThinkTime think;
    double mean_s, deviation_s;
  };
  // Truncated normal with mean = deviation = 1: 1 + φ(1)/Φ(1) = 1.2876, deviation 0.7936 (by the textbook
  // formula).
  const auto expected = GENERATE(values<Case>({
      {"none", ThinkTime{}, 0, 0},
      {"constant", ThinkTime::constant(2s), 2, 0},
      {"uniform", ThinkTime::uniform(1s, 3s), 2, 0.57735},
      {"exponential", ThinkTime::exponential(500ms), 0.5, 0.5},
      {"normal", ThinkTime::normal(2s, 100ms), 2, 0.1},
      {"truncated normal", ThinkTime::normal(1s, 1s), 1.2876, 0.7936},
      {"normal of mean 0", ThinkTime::normal(0s, 1s), 0.7979, 0.6028},
      {"lognormal by mean", ThinkTime::lognormal_by_mean(1s, 0.5), 1, 0.5329},
      {"lognormal by median", ThinkTime::lognormal_by_median(1s, 0.5), 1.1331, 0.6039},
  }));
  CAPTURE(expected.name);
  const auto measured = moments_of(expected.think);
  CHECK(measured.mean_s == Approx(expected.mean_s).epsilon(0.01));
  CHECK(measured.deviation_s == Approx(expected.deviation_s).epsilon(0.02).margin(1e-6));
  CHECK(seconds(expected.think.mean()) == Approx(expected.mean_s).epsilon(0.001));
  CHECK(measured.least_s >= 0);
}

TEST_CASE("a uniform think time stays within its bounds and a lognormal one has its median") {
  const auto uniform = moments_of(ThinkTime::uniform(1s, 3s));
  REQUIRE(uniform.least_s >= 1);
  REQUIRE(uniform.most_s < 3);
  REQUIRE(moments_of(ThinkTime::lognormal_by_median(2s, 1)).median_s == Approx(2).epsilon(0.02));
}

TEST_CASE("zeta is the plain sum, also where it is computed by formula") {
  const auto [n, theta] = GENERATE(
      table<std::size_t, double>({{1, 0.99}, {100, 0.5}, {101, 0.99}, {5'000, 0.99}, {100'000, 0.3}}));
  double sum = 0;
  for (std::size_t i = 1; i <= n; ++i) sum += std::pow(static_cast<double>(i), -theta);
  REQUIRE(zeta(n, theta) == Approx(sum).epsilon(1e-10));
}

TEST_CASE("zipfian ranks are as frequent as 1 / rank^theta says") {
  const double theta = GENERATE(0.5, 0.99);
  constexpr std::size_t n = 1'000;
  Zipfian zipfian(theta);
  Rng rng(9);
  std::vector<int> counts(n);
  for (int i = 0; i < 1'000'000; ++i) ++counts[zipfian.sample(n, rng)];
  const auto share = [&](std::size_t from, std::size_t to) {
    double expected = 0;
    int measured = 0;
    for (auto i = from; i < to; ++i) {
      expected += std::pow(static_cast<double>(i + 1), -theta) / zeta(n, theta);
      measured += counts[i];
    }
    return std::pair(measured / 1e6, expected);
  };
  CAPTURE(theta);
  const auto [first, first_expected] = share(0, 1);
  CHECK(first == Approx(first_expected).epsilon(0.02));
  const auto [second, second_expected] = share(1, 2);
  CHECK(second == Approx(second_expected).epsilon(0.03));
  // Beyond the first two ranks the method is an approximation.
  const auto [head, head_expected] = share(0, 10);
  CHECK(head == Approx(head_expected).epsilon(0.1));
  const auto [tail, tail_expected] = share(500, 1'000);
  CHECK(tail == Approx(tail_expected).epsilon(0.1));
}

TEST_CASE("a zipfian choice follows a list that grows and shrinks as if it had always had that length") {
  constexpr int rounds = 2'000;
  Zipfian moving(0.99);
  Rng warm(1);
  for (std::size_t n = 1; n < 600; ++n) moving.sample(n, warm);
  for (std::size_t n = 600; n > 500; n -= 7) moving.sample(n, warm);
  Zipfian fresh(0.99);
  Rng a(3), b(3);
  for (int i = 0; i < rounds; ++i) REQUIRE(moving.sample(500, a) == fresh.sample(500, b));
}

TEST_CASE("every pick lies within the list, however short") {
  const auto kind = GENERATE(KeyChoice::Kind::own, KeyChoice::Kind::uniform, KeyChoice::Kind::zipfian);
  KeyPicker picker({kind, 0.99});
  Rng rng(11);
  for (const std::size_t n : {1, 2, 3, 10, 2, 1, 1000}) {
    std::size_t most = 0;
    for (int i = 0; i < 2'000; ++i) most = std::max(most, picker.pick(n, rng));
    REQUIRE(most < n);
    if (n <= 3) REQUIRE(most == n - 1);
  }
}
