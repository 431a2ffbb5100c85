#include "sim/measure/busy_looks.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "support/random.hpp"

using namespace troupe::sim;
using troupe::Rng;

TEST_CASE("mean and slope of looks are those of all of them, however many there were") {
  const auto count = GENERATE(40, 79, 80, 1'000, 864'000);
  BusyLooks looks;
  for (int i = 0; i < count; ++i) looks.add(5 + 0.001 * i, 2 * 0.001 * i);
  const auto figures = looks.figures();
  CHECK(figures.mean == Approx(5 + 0.001 * (count - 1) / 2));
  CHECK(figures.growth_per_s == Approx(0.03));  // of both together, ten looks a second
  CHECK(figures.standard_error > 0);
}

TEST_CASE("the standard error is that of independent looks when they are independent, and larger when not") {
  Rng rng(1);
  BusyLooks alone, alike;
  const int count = 100'000;
  double level = 0;
  for (int i = 0; i < count; ++i) {
    const double noise = rng.normal();
    level = 0.9 * level + noise;  // AR(1): the mean's variance is 1 / (1 - 0.9)² times that of the noise
    alone.add(noise, 0);
    alike.add(level, 0);
  }
  CHECK(alone.figures().standard_error == Approx(1 / std::sqrt(count)).epsilon(0.4));
  CHECK(alike.figures().standard_error == Approx(10 / std::sqrt(count)).epsilon(0.4));
}

TEST_CASE("few looks have no standard error") {
  BusyLooks looks;
  for (int i = 0; i < 39; ++i) looks.add(i % 2, 0);
  CHECK(looks.figures().standard_error == 0);
  CHECK(BusyLooks().figures().growth_per_s == 0);
}
