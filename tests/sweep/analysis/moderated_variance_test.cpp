#include "sweep/analysis/moderated_variance.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "support/distributions.hpp"

using namespace troupe;
using namespace troupe::sweep;

namespace {

/// Of `freedom` + 1 values.
Variance drawn(double truth, int freedom, Rng& rng) {
  double squares = 0;
  for (int i = 0; i < freedom; ++i) squares += std::pow(rng.normal(), 2);
  return {truth * squares / freedom, static_cast<double>(freedom)};
}

}  // namespace

TEST_CASE("variances of one noise become nearly that one, with many degrees of freedom") {
  Rng rng(1);
  std::vector<Variance> variances;
  for (int i = 0; i < 60; ++i) variances.push_back(drawn(4, 6, rng));
  for (const auto& [value, freedom] : moderated(variances)) {
    REQUIRE(value == Approx(4).epsilon(0.35));
    REQUIRE(freedom > 20);
    REQUIRE(freedom <= 360);
  }
}

TEST_CASE("variances far apart stay where they are") {
  Rng rng(2);
  std::vector<Variance> variances;
  for (int i = 0; i < 60; ++i) variances.push_back(drawn(i % 2 == 0 ? 1 : 1e6, 6, rng));
  const auto out = moderated(variances);
  for (std::size_t i = 0; i < out.size(); ++i) {
    REQUIRE(out[i].freedom < 8);
    if (i % 2 == 1) REQUIRE(out[i].value == Approx(variances[i].value).epsilon(0.2));
  }
}

TEST_CASE("fewer than eight variances, and those of zero, stay as they are") {
  const auto seven = moderated(std::vector<Variance>{{1, 3}, {4, 3}, {1, 3}, {1, 3}, {1, 3}, {1, 3}, {1, 3}});
  REQUIRE(seven[1].value == 4);
  REQUIRE(seven[1].freedom == 3);
  std::vector<Variance> with_zero(8, {1, 3});
  with_zero.push_back({0, 3});
  const auto out = moderated(with_zero);
  REQUIRE(out[8].value == 0);
  REQUIRE(out[0].freedom == 24);
}

TEST_CASE("a sum of two variances has the degrees of freedom of Welch and Satterthwaite") {
  const auto sum = sum_of(std::vector<WeightedVariance>{{0.5, {2, 3}}, {0.25, {4, 5}}});
  REQUIRE(sum.value == Approx(2));
  REQUIRE(sum.freedom == Approx(4 / (1 / 3.0 + 1 / 5.0)));
  REQUIRE(sum_of({}).value == 0);
}
