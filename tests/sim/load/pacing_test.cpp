#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <vector>

#include "sim/load/pacing.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::Duration;

namespace {

Profile stages() {
  return Profile({{10s, 100}, {10s, 100}, {0s, 50}, {10s, 0}});
}

Duration near(Duration value) {
  return std::chrono::round<std::chrono::microseconds>(value);
}

std::vector<Duration> all_of(Arrivals arrivals) {
  std::vector<Duration> out;
  for (auto next = arrivals.next(); !next.stop; next = arrivals.next()) out.push_back(next.at);
  return out;
}

}  // namespace

TEST_CASE("users wanted follow the profile") {
  struct Case {
    std::string name;
    Profile profile;
    Duration elapsed;
    UsersWanted wanted;
  };
  const auto expected = GENERATE_COPY(values<Case>({
      {"constant, at once", Profile::constant(7, 10s), 0s, {7, false}},
      {"constant, to the end", Profile::constant(7, 10s), 9'999ms, {7, false}},
      {"constant, over", Profile::constant(7, 10s), 10s, {0, true}},
      {"ramp, at the start", Profile::ramp(100, 10, 30s), 0s, {0, false}},
      {"ramp, before the second user", Profile::ramp(100, 10, 30s), 199ms, {1, false}},
      {"ramp, the second user", Profile::ramp(100, 10, 30s), 200ms, {2, false}},
      {"ramp, done", Profile::ramp(100, 10, 30s), 10s, {100, false}},
      {"ramp, held", Profile::ramp(100, 10, 30s), 29s, {100, false}},
      {"ramp, over", Profile::ramp(100, 10, 30s), 31s, {0, true}},
      {"ramp longer than the run", Profile::ramp(100, 1, 30s), 20s, {20, false}},
      {"ramp longer than the run, over", Profile::ramp(100, 1, 30s), 30s, {0, true}},
      {"stages, rising", stages(), 5s, {50, false}},
      {"stages, held", stages(), 15s, {100, false}},
      {"stages, after the jump", stages(), 20s, {50, false}},
      {"stages, falling", stages(), 25s, {25, false}},
      {"stages, over", stages(), 30s, {0, true}},
      {"spike, before", Profile::spike(10, 500, 5s, 2s, 20s), 4'999ms, {10, false}},
      {"spike, within", Profile::spike(10, 500, 5s, 2s, 20s), 5s, {500, false}},
      {"spike, after", Profile::spike(10, 500, 5s, 2s, 20s), 7s, {10, false}},
      {"spike, over", Profile::spike(10, 500, 5s, 2s, 20s), 20s, {0, true}},
      {"spike cut by the end", Profile::spike(10, 500, 5s, 100s, 20s), 19s, {500, false}},
      {"spike cut by the end, over", Profile::spike(10, 500, 5s, 100s, 20s), 20s, {0, true}},
  }));
  CAPTURE(expected.name);
  const auto wanted = users_wanted(expected.profile, expected.elapsed);
  REQUIRE(wanted.users == expected.wanted.users);
  REQUIRE(wanted.stop == expected.wanted.stop);
}

TEST_CASE("a constant arrival is due when the integral of the rate reaches its number") {
  struct Case {
    std::string name;
    Profile rate;
    std::uint64_t arrivals;
    Duration at;
    bool stop;
  };
  const auto expected = GENERATE_COPY(values<Case>({
      {"the first, at once", Profile::constant(100, 10s), 0, 0s, false},
      {"evenly spaced", Profile::constant(100, 10s), 1, 10ms, false},
      {"the last", Profile::constant(100, 10s), 999, 9'990ms, false},
      {"none at the end", Profile::constant(100, 10s), 1'000, 10s, true},
      {"none after the end", Profile::constant(100, 10s), 5'000, 10s, true},
      {"a rate that is no whole number", Profile::constant(0.3, 10s), 1, 3'333'333us, false},
      {"rising: area 50 of 500 after sqrt(0.1) of the ramp", stages(), 50, 3'162'278us, false},
      {"the ramp's end", stages(), 500, 10s, false},
      {"held", stages(), 600, 11s, false},
      {"falling", Profile({{0s, 100}, {10s, 0}}), 375, 5s, false},
      {"a pause is skipped", Profile({{0s, 10}, {1s, 10}, {0s, 0}, {5s, 0}, {0s, 10}, {1s, 10}}), 10, 6s,
       false},
      {"no rate at all", Profile::constant(0, 10s), 0, 10s, true},
  }));
  CAPTURE(expected.name);
  const auto next = constant_arrival(expected.rate, expected.arrivals);
  REQUIRE(next.stop == expected.stop);
  REQUIRE(near(next.at).count() == near(expected.at).count());
}

TEST_CASE("time and area of a profile are each other's inverse") {
  const auto profile = GENERATE_COPY(
      values<Profile>({stages(), Profile::constant(3, 60s), Profile::spike(1, 90, 3s, 2s, 9s)}));
  for (int i = 0; i < 100; ++i) {
    const double area = profile.area() * i / 100;
    REQUIRE(profile.area_until(profile.time_of_area(area)) == Approx(area).margin(1e-5));
  }
  REQUIRE(profile.area_until(profile.length()) == profile.area());
}

TEST_CASE("workers that share a constant rate make its arrivals together, each once") {
  const auto workers = GENERATE(1, 2, 3);
  std::vector<Duration> together;
  for (int w = 0; w < workers; ++w) {
    const auto part = all_of({Profile::constant(50, 2s), ArrivalProcess::constant, 1,
                              static_cast<std::uint64_t>(w), static_cast<std::uint64_t>(workers)});
    together.insert(together.end(), part.begin(), part.end());
  }
  std::sort(together.begin(), together.end());
  REQUIRE(together == all_of({Profile::constant(50, 2s), ArrivalProcess::constant, 1}));
  REQUIRE(together.size() == 100);
}

TEST_CASE("poisson arrivals have exponential gaps of the right mean, also shared by workers") {
  const std::uint64_t workers = GENERATE(1, 4);
  std::vector<Duration> arrivals;
  for (std::uint64_t w = 0; w < workers; ++w) {
    const auto part = all_of({Profile::constant(1'000, 100s), ArrivalProcess::poisson, 3, w, workers});
    arrivals.insert(arrivals.end(), part.begin(), part.end());
  }
  std::sort(arrivals.begin(), arrivals.end());
  REQUIRE(static_cast<double>(arrivals.size()) == Approx(100'000).epsilon(0.01));
  double sum = 0, squares = 0;
  int beyond_mean = 0;
  for (std::size_t i = 1; i < arrivals.size(); ++i) {
    const double gap = std::chrono::duration<double, std::milli>(arrivals[i] - arrivals[i - 1]).count();
    sum += gap;
    squares += gap * gap;
    if (gap > 1) ++beyond_mean;
  }
  const auto n = static_cast<double>(arrivals.size() - 1);
  CHECK(sum / n == Approx(1).epsilon(0.01));
  CHECK(std::sqrt(squares / n - sum / n * sum / n) == Approx(1).epsilon(0.02));
  CHECK(beyond_mean / n == Approx(std::exp(-1)).epsilon(0.02));
}

TEST_CASE("poisson arrivals follow a changing rate") {
  const auto arrivals =
      all_of({Profile({{10s, 1'000}, {0s, 0}, {5s, 0}, {0s, 500}, {10s, 500}}), ArrivalProcess::poisson, 8});
  const auto between = [&](Duration from, Duration to) {
    return static_cast<double>(
        std::count_if(arrivals.begin(), arrivals.end(), [&](Duration at) { return at >= from && at < to; }));
  };
  CHECK(between(0s, 5s) == Approx(1'250).epsilon(0.1));
  CHECK(between(5s, 10s) == Approx(3'750).epsilon(0.06));
  CHECK(between(10s, 15s) == 0);
  CHECK(between(15s, 25s) == Approx(5'000).epsilon(0.05));
}

TEST_CASE("arrivals repeat with the seed and stay over once they are over") {
  const auto process = GENERATE(ArrivalProcess::constant, ArrivalProcess::poisson);
  const auto make = [&](std::uint64_t seed) { return Arrivals(Profile::constant(20, 5s), process, seed); };
  REQUIRE(all_of(make(1)) == all_of(make(1)));
  if (process == ArrivalProcess::poisson) REQUIRE(all_of(make(1)) != all_of(make(2)));
  auto arrivals = make(1);
  while (!arrivals.next().stop) {
  }
  REQUIRE(arrivals.next() == NextArrival{5s, true});
}

TEST_CASE("stages are read as on the command line") {
  REQUIRE(parse_stage("10s:100").value() == Stage{10s, 100});
  REQUIRE(parse_stage("500ms:0.5").value() == Stage{500ms, 0.5});
  REQUIRE(parse_stage("0s:5").value() == Stage{0s, 5});
  const auto text =
      GENERATE(as<std::string>{}, "", "10s", "10:100", "10s:", "10s:x", "10s:-1", ":5", "-1s:5");
  CAPTURE(text);
  const auto stage = parse_stage(text);
  REQUIRE(stage.has_error());
  REQUIRE_THAT(stage.error().message, Catch::Contains("10s:100"));
}
