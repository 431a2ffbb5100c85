#include "sim/load/plan.hpp"

#include <catch2/catch.hpp>

#include "sim/load/workload_options.hpp"
#include "sim/scenario/scenario_reader.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace std::chrono_literals;

namespace {

Scenario scenario(const char* toml = "[[task]]\ndo = \"create\"\n[[task]]\ndo = \"get\"\n") {
  return parse_scenario(toml, "test.toml").value();
}

Scenario crud() {
  return scenario("[cycle]\nphases = [\"create\", \"get\"]\nitems = 500\nconcurrency = 20\n");
}

std::shared_ptr<const Plan> plan(const WorkloadOptions& options) {
  return make_plan(scenario(), options).value();
}

}  // namespace

TEST_CASE("without flags ten users work for thirty seconds, and the warm-up is found", "[sim][workload]") {
  const auto made = plan({});
  CHECK(made->model == LoadModel::closed);
  CHECK(users_wanted(made->profile, 0s) == UsersWanted{10, false});
  CHECK(made->profile.length() == 30s);
  CHECK(made->warm_up == WarmUp{std::nullopt});
}

TEST_CASE("a spawn rate makes a ramp, which is left out of the statistics", "[sim][workload]") {
  WorkloadOptions options;
  options.users = "100";
  options.spawn_rate = "50";
  options.duration = "10s";
  const auto made = plan(options);
  CHECK(made->ramp == 2s);
  CHECK(users_wanted(made->profile, 1s).users == 50);
  CHECK(made->profile.length() == 10s);
  CHECK(made->warm_up == WarmUp{Duration{}});  // too short for MSER-5
}

TEST_CASE("a bare number is a duration in seconds, as with Locust", "[sim][workload]") {
  WorkloadOptions options;
  options.duration = "7";
  CHECK(plan(options)->profile.length() == 7s);
}

TEST_CASE("an arrival rate makes an open workload whose users are the most under way", "[sim][workload]") {
  WorkloadOptions options;
  options.arrival_rate = "2000";
  CHECK(plan(options)->model == LoadModel::open);
  CHECK(plan(options)->most_users == 1'000);
  CHECK(plan(options)->arrivals == ArrivalProcess::poisson);
  options.users = "50";
  options.arrivals = "constant";
  CHECK(plan(options)->most_users == 50);
  CHECK(plan(options)->arrivals == ArrivalProcess::constant);
}

TEST_CASE("stages are users, or with --arrivals rates", "[sim][workload]") {
  WorkloadOptions options;
  options.stages = {"10s:100", "30s:500"};
  auto made = plan(options);
  CHECK(made->model == LoadModel::closed);
  CHECK(users_wanted(made->profile, 25s).users == 300);
  CHECK(made->warm_up == WarmUp{Duration{}});  // a changing load has no steady state
  options.arrivals = "constant";
  CHECK(plan(options)->model == LoadModel::open);
}

TEST_CASE("a spike replaces the level for a while", "[sim][workload]") {
  WorkloadOptions options;
  options.users = "10";
  options.duration = "20s";
  options.spike = "5s:2s:200";
  const auto made = plan(options);
  CHECK(users_wanted(made->profile, 4s).users == 10);
  CHECK(users_wanted(made->profile, 6s).users == 200);
  CHECK(users_wanted(made->profile, 8s).users == 10);
  CHECK(users_wanted(made->profile, 20s).stop);
}

TEST_CASE("a cycle takes its items and concurrency from flags, and never more users than items",
          "[sim][workload]") {
  WorkloadOptions options;
  options.items = "7";
  options.concurrency = "20";
  const auto made = make_plan(crud(), options).value();
  CHECK(made->model == LoadModel::cycle);
  CHECK(made->scenario->cycle->items == 7);
  CHECK(made->most_users == 7);
}

TEST_CASE("the same seed is taken as given; without one runs differ", "[sim][workload]") {
  WorkloadOptions options;
  options.seed = "42";
  CHECK(plan(options)->seed == 42);
  CHECK(plan({})->seed != plan({})->seed);
}

TEST_CASE("a wrong or contradicting flag is one line that names it", "[sim][workload]") {
  struct Row {
    WorkloadOptions options;
    std::string message;
  };
  const auto with = [](std::optional<std::string> WorkloadOptions::*field, const char* text) {
    WorkloadOptions options;
    options.*field = text;
    return options;
  };
  const auto both = [&](std::optional<std::string> WorkloadOptions::*field, const char* text,
                        std::optional<std::string> WorkloadOptions::*other, const char* other_text) {
    auto options = with(field, text);
    options.*other = other_text;
    return options;
  };
  const auto staged = [](std::vector<std::string> stages, auto... set) {
    WorkloadOptions options;
    options.stages = std::move(stages);
    (set(options), ...);
    return options;
  };
  using O = WorkloadOptions;
  const auto row = GENERATE_REF(values<Row>({
      {with(&O::users, "0"), "--users must be a whole number from 1 to 1000000, not '0'"},
      {with(&O::users, "many"), "--users must be a whole number from 1 to 1000000, not 'many'"},
      {with(&O::duration, "0s"),
       "--duration must be a duration above 0 and a week at most, as in 30s or 1m30s, not '0s'"},
      {with(&O::duration, "5x"),
       "--duration must be a duration above 0 and a week at most, as in 30s or 1m30s, not '5x'"},
      {with(&O::arrival_rate, "-1"),
       "--arrival-rate must be a number above 0 and at most 10000000 (per second), not '-1'"},
      {with(&O::arrival_rate, "1e18"),
       "--arrival-rate must be a number above 0 and at most 10000000 (per second), not '1e18'"},
      {with(&O::arrivals, "poisson"), "--arrivals needs --arrival-rate, or --stage with rates"},
      {both(&O::arrival_rate, "5", &O::arrivals, "even"),
       "--arrivals must be constant or poisson, not 'even'"},
      {both(&O::arrival_rate, "5", &O::spawn_rate, "5"),
       "--arrival-rate and --spawn-rate contradict each other: arrivals do not depend on how fast users "
       "come"},
      {staged({"5s:1"}, [](O& o) { o.users = "5"; }),
       "--stage and --users contradict each other: the stages say how many users there are"},
      {staged({"5s:1"}, [](O& o) { o.duration = "5s"; }),
       "--stage and --duration contradict each other: the stages say how long the run takes"},
      {staged({"5s:0"}), "--stage: one target at least must be above 0"},
      {with(&O::spike, "5s:200"), "--spike must be START:WIDTH:PEAK, as in 10s:5s:500, not '5s:200'"},
      {with(&O::spike, "40s:1s:5"), "--spike begins after the end of the run: raise --duration"},
      {both(&O::spawn_rate, "1", &O::users, "60"),
       "--spawn-rate 1 reaches 60 users only after 60 s, when the run is over: raise it or --duration"},
      {with(&O::warm_up, "30s"), "--warm-up 30s leaves nothing of the run to measure: raise --duration"},
      {with(&O::seed, "x"), "--seed must be a whole number, not 'x'"},
      {with(&O::items, "5"), "--items only goes with a scenario that has a [cycle], as crud does"},
  }));
  const auto made = make_plan(scenario(), row.options);
  REQUIRE(!made);
  CHECK(made.error().message == row.message);
  CHECK(made.error().code == ErrorCode::invalid_argument);
}

TEST_CASE("flags of a mix do not go with a cycle", "[sim][workload]") {
  WorkloadOptions options;
  options.users = "5";
  const auto made = make_plan(crud(), options);
  REQUIRE(!made);
  CHECK(made.error().message ==
        "--users does not go with scenario test, a cycle: use --items and --concurrency");
}

TEST_CASE("a scenario that needs items must create some or find some", "[sim][workload]") {
  const auto fails = make_plan(scenario("[[task]]\ndo = \"get\"\n"), {});
  REQUIRE(!fails);
  CHECK(fails.error().message ==
        "scenario test needs items, but creates none: add a create task or existing_items");
  CHECK(make_plan(scenario("existing_items = 5\n[[task]]\ndo = \"get\"\n"), {}).has_value());
}

TEST_CASE("shares differ by one at most and add up", "[sim][workload]") {
  const auto total = GENERATE(0U, 1U, 7U, 100U);
  const auto parts = GENERATE(1U, 3U, 8U);
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < parts; ++i) {
    const auto share = share_of(total, i, parts);
    CHECK(share >= total / parts);
    CHECK(share <= total / parts + 1);
    sum += share;
  }
  CHECK(sum == total);
}
