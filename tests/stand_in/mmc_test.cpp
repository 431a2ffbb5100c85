// The simulator against queueing theory: its own open load on a stand-in database of known speed, in virtual
// time.
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <utility>

#include "actors/database/database_pool_start.hpp"
#include "helpers/virtual_swarm.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/transport/direct_transport.hpp"
#include "stand_in/stand_in_database.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::stand_in;
using troupe::Histogram;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

constexpr Duration service_mean = 1ms;
#ifdef __SANITIZE_ADDRESS__
constexpr double highest_utilisation = 0.7;  // beyond it is the same code for ten times as long
#else
constexpr double highest_utilisation = 0.9;
#endif
constexpr StandIn exponential{{ServiceTime::Kind::exponential, service_mean}};

/// What the traces of all answers say, in units of the mean service time.
struct Waits {
  std::uint64_t answers = 0;
  std::uint64_t waited = 0;  ///< not served at once
  Duration waiting{}, service{};

  double mean_wait() const { return in_services(waiting); }
  double mean_service() const { return in_services(service); }
  double probability() const { return static_cast<double>(waited) / static_cast<double>(answers); }

 private:
  double in_services(Duration sum) const {
    return std::chrono::duration<double>(sum) / std::chrono::duration<double>(service_mean) /
           static_cast<double>(answers);
  }
};

/// Looks into the replies on their way to the users.
class WatchedLink final : public Link {
 public:
  WatchedLink(std::unique_ptr<Link> link, Waits& waits) : link_(std::move(link)), waits_(waits) {}

  std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) override {
    return link_->send(call, ticket, now);
  }
  std::optional<Answer> on_reply(actors::Reply& reply) override {
    const auto& trace = reply.trace;
    ++waits_.answers;
    waits_.waited += trace.sent > trace.submitted ? 1 : 0;
    waits_.waiting += trace.sent - trace.submitted;
    waits_.service += trace.answered - trace.sent;
    return link_->on_reply(reply);
  }

 private:
  std::unique_ptr<Link> link_;
  Waits& waits_;
};

class WatchedTransport final : public Transport {
 public:
  WatchedTransport(Transport& transport, Waits& waits) : transport_(transport), waits_(waits) {}
  std::unique_ptr<Link> make_link(caf::event_based_actor& user, actors::Worker& home,
                                  std::uint64_t number) override {
    return std::make_unique<WatchedLink>(transport_.make_link(user, home, number), waits_);
  }

 private:
  Transport& transport_;
  Waits& waits_;
};

struct Measured {
  Waits waits;
  double offered = 0;  ///< load in Erlang, as the random numbers had it: arrivals in a mean service time
  std::vector<WaterfallStage> waterfall;
  Interval record;  ///< the whole run
};

/// `troupe simulate --arrival-rate … --stand-in-database=…`, without its threads and its clock.
Measured simulate(const StandIn& stand_in, std::size_t connections, double utilisation,
                  std::uint64_t arrivals, std::uint64_t seed) {
  VirtualTime time;
  Settings settings;
  settings.database.pool_size = connections;
  settings.database.queue_limit = 1'000'000;
  const auto pool = make_stand_in_pool(time.runtime(), settings, stand_in, seed);
  DirectTransport direct(time.runtime(), pool, 0, 1h);
  Measured measured;
  WatchedTransport transport(direct, measured.waits);

  const auto rate =
      utilisation * static_cast<double>(connections) / std::chrono::duration<double>(service_mean).count();
  Plan plan;
  plan.scenario = std::make_shared<Scenario>(parse_scenario("[[task]]\ndo = \"list\"\n", "t.toml").value());
  plan.model = LoadModel::open;
  plan.profile = Profile::constant(rate, std::chrono::duration_cast<Duration>(std::chrono::duration<double>(
                                             static_cast<double>(arrivals) / rate)));
  plan.most_users = 100'000;
  plan.seed = seed;
  plan.timeout = 1h;
  Waterfall waterfall(1);
  waterfall.begin(time.timers().now(), {});
  run_swarm(time, plan, transport, {}, &waterfall, [&](Interval part) { merge(measured.record, part); });
  actors::stop_pool(*pool);
  measured.waterfall = waterfall.result({});
  measured.offered = rate * std::chrono::duration<double>(service_mean).count() *
                     measured.waits.mean_service() * static_cast<double>(measured.waits.answers) /
                     static_cast<double>(arrivals);
  return measured;
}

/// The probability that an arrival has to wait in M/M/c with an offered load of `a` Erlang: Erlang's C
/// formula, from his B formula by its recursion. L. Kleinrock, Queueing Systems, volume 1 (1975),
/// sections 3.5 and 3.6.
double erlang_c(std::size_t c, double a) {
  double b = 1;
  for (std::size_t servers = 1; servers <= c; ++servers) b = a * b / (static_cast<double>(servers) + a * b);
  const double utilisation = a / static_cast<double>(c);
  return b / (1 - utilisation * (1 - b));
}

/// So many that the mean wait has a standard error of about 2 %. Neighbours in a queue wait together, the
/// longer the fuller it is, and the fewer have to wait the more arrivals it takes: the variance of the mean
/// goes with 1 / (1 − ρ)² P (W. Whitt, Planning queueing simulations, Management Science 35 (1989)); the
/// factor was found by trying seeds.
std::uint64_t enough_arrivals(double utilisation, double probability) {
  return static_cast<std::uint64_t>(4'000 / ((1 - utilisation) * (1 - utilisation) * probability));
}

/// Mean waiting time in M/M/c in units of the mean service time: C(c, a) / (c − a) [µ = 1].
double mmc_wait(std::size_t c, double a) {
  return erlang_c(c, a) / (static_cast<double>(c) - a);
}

}  // namespace

TEST_CASE("Erlang's C formula, by hand", "[sim][mmc]") {
  CHECK(erlang_c(1, 0.6) == Approx(0.6));      // M/M/1: the utilisation
  CHECK(erlang_c(2, 1.0) == Approx(1.0 / 3));  // M/M/2: 2ρ² / (1 + ρ) with ρ = 1/2
}

TEST_CASE("mean waiting times of an open load agree with M/M/c within 5 %", "[sim][mmc]") {
  const auto connections = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{4}, std::size_t{8});
  const auto utilisation = GENERATE(0.3, 0.5, 0.7, 0.8, 0.9);
  if (utilisation > highest_utilisation) return;
  const auto offered = utilisation * static_cast<double>(connections);
  const auto probability = erlang_c(connections, offered);
  const bool rare = probability < 0.01;
  const auto arrivals = rare ? 100'000 : enough_arrivals(utilisation, probability);
  // One for each case: the same arrivals again and again would be too long or too short a wait in all of
  // them.
  const auto seed = 10 * connections + static_cast<std::size_t>(10 * utilisation);
  const auto measured = simulate(exponential, connections, utilisation, arrivals, seed);
  CAPTURE(connections, utilisation, arrivals);
  CHECK(measured.record.tasks[0].dropped == 0);
  CHECK(measured.record.tasks[0].failed == 0);
  CHECK(static_cast<double>(measured.waits.answers) == Approx(static_cast<double>(arrivals)).epsilon(0.02));
  CHECK(measured.waits.mean_service() == Approx(1).epsilon(0.02));
  if (rare) {
    // Fewer than one in a hundred waits, on average for less than a thousandth of a service time: too few for
    // a mean wait within 5 %, but how few they are can be told.
    CHECK(measured.waits.probability() == Approx(probability).margin(0.001));
    CHECK(measured.waits.mean_wait() < 0.001);
    return;
  }
  // At the load that was drawn: at 90 % the wait moves ten times as much as the load does.
  const auto expected = mmc_wait(connections, measured.offered) * measured.waits.mean_service();
  CHECK(measured.waits.mean_wait() == Approx(expected).epsilon(0.05));
  CHECK(measured.waits.probability() == Approx(erlang_c(connections, measured.offered)).epsilon(0.05));
}

TEST_CASE("what a run reports is what its requests went through", "[sim][mmc]") {
  const auto measured = simulate(exponential, 2, 0.8, 50'000, 1);
  const auto& waits = measured.waits;
  REQUIRE(measured.waterfall.size() == 3);
  const auto reported = [](auto duration) { return duration / std::chrono::duration<double>(service_mean); };
  // Histograms round to the microsecond, a thousandth of a service time.
  CHECK(measured.waterfall[0].mean.count() == 0);  // mailbox: nothing takes time but the database
  CHECK(reported(measured.waterfall[1].mean) == Approx(waits.mean_wait()).margin(0.001));
  CHECK(reported(measured.waterfall[2].mean) == Approx(waits.mean_service()).margin(0.001));
  auto response = Histogram::from(measured.record.tasks[0].good.response).value();
  for (const auto& straggler : measured.record.stragglers) response.record(straggler.response);
  CHECK(response.count() == waits.answers);
  CHECK(reported(response.mean()) == Approx(waits.mean_wait() + waits.mean_service()).margin(0.001));
}

TEST_CASE("a fixed service time makes an M/D/1 station: half the wait of M/M/1", "[sim][mmc]") {
  const auto utilisation = GENERATE(0.3, 0.6, 0.9);
  if (utilisation > highest_utilisation) return;
  const auto arrivals = enough_arrivals(utilisation, utilisation);
  const auto seed = static_cast<std::uint64_t>(10 * utilisation);
  const StandIn fixed{{ServiceTime::Kind::fixed, service_mean}};
  const auto measured = simulate(fixed, 1, utilisation, arrivals, seed);
  CAPTURE(utilisation, arrivals);
  CHECK(measured.waits.mean_service() == Approx(1).epsilon(1e-9));
  // Pollaczek and Khinchine (Kleinrock, section 5.6) without variance: ρ / 2(1 − ρ).
  const auto load = measured.offered;
  CHECK(measured.waits.mean_wait() == Approx(load / (2 * (1 - load))).epsilon(0.05));
}

TEST_CASE("a database that serialises is one server, however many connections it has", "[sim][mmc]") {
  const auto connections = GENERATE(std::size_t{1}, std::size_t{4});
  // `simulate` loads every connection: of all the time that one server has, that is half here.
  const auto utilisation = 0.5 / static_cast<double>(connections);
  const StandIn serial{{ServiceTime::Kind::fixed, service_mean}, true};
  const auto measured = simulate(serial, connections, utilisation, enough_arrivals(0.5, 0.5), 1);
  CAPTURE(connections);
  const auto load = measured.offered;
  CHECK(measured.waits.mean_wait() == Approx(load / (2 * (1 - load))).epsilon(0.05));  // M/D/1 again
}

TEST_CASE("a run in virtual time is the same again with the same seed", "[sim][mmc]") {
  const auto first = simulate(exponential, 3, 0.7, 5'000, 1).waits;
  const auto second = simulate(exponential, 3, 0.7, 5'000, 1).waits;
  CHECK(first.answers == second.answers);
  CHECK(first.waiting == second.waiting);
  CHECK(first.service == second.service);
}
