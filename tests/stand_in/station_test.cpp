// What no run may say of any station, over many stations, loads and lengths, in virtual time.
#include <malloc.h>

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <numeric>

#include "actors/database/database_pool_start.hpp"
#include "helpers/virtual_swarm.hpp"
#include "sim/measure/run_statistics.hpp"
#include "sim/run.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/transport/direct_transport.hpp"
#include "stand_in/stand_in_database.hpp"
#include "support/random.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::stand_in;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

struct Station {
  StandIn stand_in;
  std::size_t connections = 1;
  /// Of those it answers no more, whatever comes.
  double capacity_per_s() const {
    return static_cast<double>(stand_in.serial ? 1 : connections) / to_seconds(stand_in.service.mean);
  }
};

Station any_station(Rng& rng, ServiceTime::Kind kind) {
  const Duration service = 1ms * (1 + static_cast<int>(rng.below(300)));
  return {StandIn{{kind, service}, rng.below(3) == 0}, 1 + rng.below(8)};
}

Plan any_plan(Rng& rng, const Station& station) {
  Plan plan;
  const bool thinks = rng.below(2) == 0;
  plan.scenario = std::make_shared<Scenario>(
      parse_scenario(
          std::string(thinks ? "think_time = { kind = \"exponential\", mean = \"50ms\" }\n" : "") +
              "[[task]]\ndo = \"list\"\nweight = 2\n[[task]]\ndo = \"get\"\n[[task]]\ndo = \"create\"\n",
          "t.toml")
          .value());
  const Duration length = 100ms * (1 + static_cast<int>(rng.below(100)));
  plan.ramp = {};
  plan.warm_up = WarmUp{rng.below(2) == 0 ? Duration{} : length / 3};
  plan.seed = rng.below(1'000'000);
  plan.timeout = rng.below(4) == 0 ? Duration(500ms) : Duration(1h);
  if (rng.below(2) == 0) {
    plan.model = LoadModel::open;
    plan.arrivals = rng.below(2) == 0 ? ArrivalProcess::constant : ArrivalProcess::poisson;
    plan.profile = Profile::constant(station.capacity_per_s() * (0.2 + 2 * rng.uniform()), length);
    plan.most_users = 1 + rng.below(200);
  } else {
    plan.profile = Profile::constant(static_cast<double>(1 + rng.below(64)), length);
    plan.most_users = 64;
  }
  return plan;
}

RunResult measure(const Station& station, const Plan& plan,
                  const std::function<void(const Interval&)>& look = {}, Duration estimate = {}) {
  VirtualTime time;
  Settings settings;
  settings.database.pool_size = station.connections;
  settings.database.queue_limit = 1'000'000;
  const auto pool = make_stand_in_pool(time.runtime(), settings, station.stand_in, plan.seed);
  for (const auto& member : pool->members())
    member.stats->row_time_ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(estimate).count());
  DirectTransport transport(time.runtime(), pool, 0, plan.timeout);
  std::vector<std::int64_t> items(1'000);
  std::iota(items.begin(), items.end(), 1);
  RunStatistics statistics(task_names(*plan.scenario), plan.warm_up, plan.ramp, plan.timeout,
                           load_length(plan));
  run_swarm(time, plan, transport, items, nullptr, [&](Interval interval) {
    if (look) look(interval);
    statistics.add(std::move(interval));
  });
  actors::stop_pool(*pool);
  RunResult result;
  statistics.finish(plan.profile.length(), result);
  return result;
}

}  // namespace

TEST_CASE("no run reports a higher rate than its station has", "[sim][station]") {
  Rng rng(20261126);
  for (int trial = 0; trial < 200; ++trial) {
    const auto station = any_station(rng, ServiceTime::Kind::fixed);
    const auto plan = any_plan(rng, station);
    const auto result = measure(station, plan);
    CAPTURE(trial, station.connections, station.stand_in.serial, to_seconds(station.stand_in.service.mean),
            to_string(plan.model), to_seconds(plan.profile.length()), plan.timeout.count());
    // An answer of each connection may have been begun before the measuring.
    const auto begun_before = static_cast<double>(station.connections) / result.run.measured.count();
    const bool from_the_start = plan.warm_up.fixed == Duration{};
    CHECK(result.total.good_per_s <= station.capacity_per_s() + (from_the_start ? 0 : begun_before) + 1e-9);
    if (result.total.good.service.count > 0)
      CHECK(result.total.good.service.p50 >= station.stand_in.service.mean - 1us);
  }
}

TEST_CASE("at three times its capacity a station does what it can in time, and the rest is refused at once") {
  const Station station{StandIn{{ServiceTime::Kind::fixed, 200us}, GENERATE(false, true)},
                        GENERATE(std::size_t{1}, std::size_t{4})};
  Plan plan;
  plan.scenario = std::make_shared<Scenario>(
      parse_scenario("[[task]]\ndo = \"get\"\n[[task]]\ndo = \"create\"\n", "t.toml").value());
  plan.ramp = {};
  plan.warm_up = WarmUp{1s};
  plan.timeout = 500ms;
  plan.model = LoadModel::open;
  plan.profile = Profile::constant(3 * station.capacity_per_s(), 4s);
  plan.most_users = 100'000;
  // What a database actor would have learnt; a serial station's commands wait for those of all members.
  const auto estimate = 200us * (station.stand_in.serial ? station.connections : 1);
  const auto result = measure(station, plan, {}, estimate);
  CAPTURE(station.connections, station.stand_in.serial, result.total.requests, result.total.failed);
  CHECK(result.total.good_per_s >= 0.9 * station.capacity_per_s());
  CHECK(result.total.timed_out == 0);
  CHECK(result.total.good.response.max <= plan.timeout);
  CHECK(result.total.bad.response.count > result.total.good.response.count);
  CHECK(result.total.bad.response.max < 5ms);
}

TEST_CASE("what ran is the scenario's mix, within 2 points", "[sim][station]") {
  Rng rng(7);
  for (int trial = 0; trial < 10; ++trial) {
    const Station station{StandIn{{ServiceTime::Kind::exponential, 1ms}}, 4};
    auto plan = any_plan(rng, station);
    plan.profile = Profile::constant(plan.profile.peak(), 30s);
    plan.warm_up = WarmUp{0s};
    const auto result = measure(station, plan);
    if (result.total.requests < 5'000) continue;  // chance has more than 2 points there
    CAPTURE(trial, result.total.requests);
    for (const auto& task : result.tasks) {
      const auto share = static_cast<double>(task.requests) / static_cast<double>(result.total.requests);
      CHECK(share == Approx(task.wanted_share).margin(0.02));
    }
  }
}

#ifndef __SANITIZE_ADDRESS__  // whose heap mallinfo2 does not know
namespace {

/// Arrivals for so long, and by how much the process's memory grew after the first three minutes, of which an
/// automatic warm-up keeps two and more until it knows where to cut.
std::ptrdiff_t growth_of_memory(double rate, Duration length) {
  const Duration settled = 3min;
  Plan plan;
  plan.scenario = std::make_shared<Scenario>(parse_scenario("[[task]]\ndo = \"list\"\n", "t.toml").value());
  plan.model = LoadModel::open;
  plan.profile = Profile::constant(rate, length);
  plan.warm_up = WarmUp{std::nullopt};
  std::ptrdiff_t early = 0, late = 0;
  const Station station{StandIn{{ServiceTime::Kind::exponential,
                                 Duration(std::chrono::seconds(1)) / static_cast<int>(2 * rate)}},
                        1};
  const auto result = measure(station, plan, [&](const Interval& interval) {
    if (interval.end == settled) early = static_cast<std::ptrdiff_t>(mallinfo2().uordblks);
    if (interval.end == length) late = static_cast<std::ptrdiff_t>(mallinfo2().uordblks);
  });
  CHECK(result.total.rate_per_s == Approx(rate).epsilon(0.05));
  CHECK(result.series.size() <= RunSeries::most_points);
  REQUIRE(early > 0);
  REQUIRE(late > 0);
  return late - early;
}

constexpr std::ptrdiff_t points_of_a_run = 2 << 20;

}  // namespace

TEST_CASE("an hour of arrivals takes no more memory than its first minutes", "[sim][station]") {
  CHECK(growth_of_memory(100, 1h) < points_of_a_run);
}

TEST_CASE("ten minutes at 100,000/s take no more memory than their first three", "[.][nightly]") {
  CHECK(growth_of_memory(100'000, 10min) < points_of_a_run);
}

TEST_CASE("a day at 1,000/s takes no more memory than its first minutes", "[.][nightly]") {
  CHECK(growth_of_memory(1'000, 24h) < points_of_a_run);
}
#endif
