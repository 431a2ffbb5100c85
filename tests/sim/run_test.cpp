// Whole runs against a stand-in database: real workers and real time, without PostgreSQL.
#include "sim/run.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <span>
#include <sstream>

#include "actors/database/database_pool_start.hpp"
#include "http/api/routes.hpp"
#include "http/server/server.hpp"
#include "sim/load/workload_options.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/transport/direct_transport.hpp"
#include "sim/transport/http_transport.hpp"
#include "stand_in/stand_in_database.hpp"

using namespace troupe;
using namespace troupe::sim;
using troupe::stand_in::make_stand_in_pool;
using troupe::stand_in::Stall;
using namespace std::chrono_literals;

namespace {

constexpr const char* mix =
    "[[task]]\ndo = \"list\"\n[[task]]\ndo = \"create\"\n[[task]]\ndo = \"get\"\n[[task]]\ndo = "
    "\"update\"\n[[task]]\ndo = \"delete\"\n";

struct Setup {
  std::string transport = "direct";
  std::size_t connection_actors = 0;
  Scheduler scheduler = Scheduler::worker;
  stand_in::ServiceTime service{};
  std::size_t connections = 0;            ///< of the stand-in; 0: one a worker
  std::optional<Duration> stall_after{};  ///< the database answers nothing for a second, from then on
  std::vector<std::string> fail_if{};
  bool abort_on_fail = false;
  std::optional<Duration> interrupt_after{};
};

RunResult run_load(const char* toml, const WorkloadOptions& options, const Setup& setup = {}) {
  Settings settings;
  settings.workers = {2, setup.scheduler};
  settings.server.port = 0;
  settings.server.connection_actors = setup.connection_actors;
  settings.database.pool_size = setup.connections;
  const auto plan = make_plan(parse_scenario(toml, "test.toml").value(), options).value();
  actors::Runtime runtime(settings.workers);
  std::optional<Stall> stall;
  if (setup.stall_after) stall = Stall{TimePoint::clock::now() + *setup.stall_after, 1s};
  const auto pool = make_stand_in_pool(runtime, settings, {setup.service}, 0, stall);
  const auto items = postgres::declared_items();
  Waterfall waterfall(2);
  std::unique_ptr<http::Server> server;
  std::unique_ptr<Transport> transport;
  if (setup.transport == "http") {
    auto router = http::api_router(std::span(&items, 1), settings.database.max_batch);
    server = http::Server::start(runtime, pool, std::move(router), settings.server).value();
    transport = std::make_unique<HttpTransport>(runtime, find_target(server->url(), 5s).value());
  } else {
    transport = std::make_unique<DirectTransport>(runtime, pool, setup.connection_actors, 5s);
  }
  PassOrFail pass_or_fail{{}, setup.abort_on_fail};
  for (const auto& text : setup.fail_if) pass_or_fail.thresholds.push_back(parse_threshold(text).value());
  boost::asio::io_context loop;
  std::ostringstream nowhere;
  LiveView view({nowhere, troupe::report::StatusLine::Mode::quiet, {}});
  const auto material = items_material(*plan->scenario);
  Run run({loop, runtime, &runtime, *transport, material, &waterfall, view}, plan, pass_or_fail);
  REQUIRE(run.make_existing_items().has_value());
  boost::asio::steady_timer ctrl_c(loop);
  if (setup.interrupt_after) {
    ctrl_c.expires_after(*setup.interrupt_after);
    ctrl_c.async_wait([&](boost::system::error_code ec) {
      if (!ec) run.interrupt();
    });
  }
  auto result = run.execute();
  transport->stop();
  if (server) server->stop();
  actors::stop_pool(*pool);
  return result;
}

WorkloadOptions users(const char* count, const char* duration) {
  WorkloadOptions options;
  options.users = count;
  options.duration = duration;
  options.seed = "1";
  return options;
}

WorkloadOptions arrivals(const char* rate, const char* duration) {
  WorkloadOptions options;
  options.arrival_rate = rate;
  options.arrivals = "constant";
  options.duration = duration;
  options.seed = "1";
  return options;
}

}  // namespace

TEST_CASE("users without think time work all the time, and nothing fails", "[sim][run]") {
  Setup setup;
  std::tie(setup.transport, setup.connection_actors, setup.scheduler) =
      GENERATE(table<std::string, std::size_t, Scheduler>({{"direct", 0, Scheduler::worker},
                                                           {"direct", 3, Scheduler::worker},
                                                           {"direct", 1, Scheduler::sharing},
                                                           {"direct", 0, Scheduler::stealing},
                                                           {"http", 0, Scheduler::worker},
                                                           {"http", 1, Scheduler::stealing}}));
  const auto result = run_load(mix, users("8", "1s"), setup);
  INFO(setup.transport << ", " << setup.connection_actors << " connection actors");
  CHECK(result.total.failed == 0);
  CHECK(result.total.requests > 200);
  CHECK(result.tasks.size() == 5);
  for (const auto& task : result.tasks) CHECK(task.requests > 0);
  CHECK(result.run.elapsed == 1s);
  REQUIRE(result.series.size() == 1);
  CHECK(result.series[0].users == 8);
  CHECK(result.series[0].requests == result.total.requests);
}

TEST_CASE("thinking users follow Little's law and start their pauses out of step", "[sim][run]") {
  const std::string toml = std::string("think_time = { kind = \"constant\", value = \"500ms\" }\n") + mix;
  Setup setup;  // slow enough that looks find somebody at work
  setup.service = stand_in::ServiceTime{stand_in::ServiceTime::Kind::fixed, 20ms};
  setup.connections = 32;
  const auto result = run_load(toml.c_str(), users("200", "3s"), setup);
  CHECK(result.total.failed == 0);
  CHECK(result.total.requests == Approx(1'154).margin(60));  // 200 / 520 ms
  REQUIRE(result.verdict.littles_law);
  CHECK(result.verdict.littles_law->deviation == Approx(0).margin(0.1));
  for (const auto& second : result.series) CHECK(second.requests == Approx(385).margin(80));
}

TEST_CASE(
    "a server that stalls for a second shows in p99 of an open load: every arrival waits from its own moment",
    "[sim][run]") {
  Setup setup;
  setup.transport = GENERATE("direct", "http");
  setup.stall_after = 1s;
  const auto result = run_load(mix, arrivals("200", "4s"), setup);
  CHECK(result.total.dropped == 0);
  CHECK(result.total.requests + result.total.drained == 800);
  // The 200 arrivals of that second wait between 1 s and nothing: a closed load would have sent a handful.
  CHECK(result.total.good.response.p99 > 850ms);
  CHECK(result.total.good.response.p90 > 350ms);
  CHECK(result.total.good.response.p50 < 100ms);
}

TEST_CASE("arrivals beyond the most users wait, keep their own moment and are not dropped", "[sim][run]") {
  auto options = arrivals("200", "3s");
  options.users = "5";  // less than 1 % of all begin before the stall and end behind it
  Setup setup;
  setup.stall_after = 1s;
  const auto result = run_load(mix, options, setup);
  CHECK(result.total.dropped == 0);
  CHECK(result.total.requests + result.total.drained == 600);
  CHECK(result.total.good.response.p99 > 850ms);  // from when they were due
  CHECK(result.total.good.service.p99 < result.total.good.response.p99);
  CHECK(result.total.good.lag.p99 < 100ms);  // the generator was punctual
  REQUIRE(result.verdict.open_load);
  CHECK(result.verdict.open_load->offered_per_s == Approx(200).margin(1));
}

TEST_CASE("poisson arrivals come at their rate", "[sim][run]") {
  auto options = arrivals("500", "2s");
  options.arrivals = "poisson";
  CHECK(run_load(mix, options).total.requests == Approx(1'000).margin(160));
}

TEST_CASE("stages bring users and take them away again", "[sim][run]") {
  WorkloadOptions options;
  options.stages = {"0s:4", "1s:4", "0s:20", "1s:20", "0s:2", "1s:2"};
  const std::string toml = std::string("think_time = { kind = \"constant\", value = \"50ms\" }\n") + mix;
  const auto result = run_load(toml.c_str(), options);
  REQUIRE(result.series.size() == 3);
  CHECK(result.series[1].requests > 2 * result.series[0].requests);
  CHECK(result.series[2].requests < result.series[0].requests);
  CHECK(result.total.failed == 0);
}

TEST_CASE("a cycle does every phase for every item, whatever the concurrency", "[sim][run]") {
  WorkloadOptions options;
  options.items = "500";
  options.concurrency = GENERATE("1", "3", "20");
  Setup setup;
  setup.transport = GENERATE("direct", "http");
  const auto result =
      run_load("[cycle]\nphases = [\"create\", \"get\", \"update\", \"delete\"]\n", options, setup);
  REQUIRE(result.phases.size() == 4);
  for (const auto& phase : result.phases) {
    CHECK(phase.ok == 500);
    CHECK(phase.requests == 500);
    CHECK(phase.length.count() > 0);
  }
  CHECK(result.total.requests == 2'000);
}

TEST_CASE("existing items are made before the run and are not part of it", "[sim][run]") {
  const auto result =
      run_load("existing_items = 100\nkeys = { kind = \"zipfian\", theta = 0.9 }\n[[task]]\ndo = \"get\"\n",
               users("4", "1s"));
  CHECK(result.tasks.size() == 1);
  CHECK(result.total.failed == 0);
  CHECK(result.total.requests > 100);
}

TEST_CASE("a run of so many requests begins no other, and all of them are answered and counted",
          "[sim][run]") {
  Setup setup;
  setup.transport = GENERATE("direct", "http");
  setup.service = {stand_in::ServiceTime::Kind::fixed, 20ms};
  setup.connections = 8;
  auto options = GENERATE(users("7", "1m"), arrivals("500", "1m"));
  options.stop_after = "100";
  const auto result = run_load(mix, options, setup);
  CHECK(result.total.requests == 100);
  CHECK(result.total.failed == 0);
  CHECK(result.total.drained == 0);
  CHECK(result.run.elapsed > 200ms);
  CHECK(result.run.elapsed < 10s);
  CHECK_FALSE(result.run.interrupted);
}

TEST_CASE("a cycle ends in the phase in which its requests were spent", "[sim][run]") {
  WorkloadOptions options;
  options.items = "20";
  options.stop_after = GENERATE("33", "40");
  const auto result = run_load("[cycle]\nphases = [\"create\", \"get\", \"update\"]\n", options);
  REQUIRE(result.phases.size() == 2);
  CHECK(result.phases[0].requests == 20);
  CHECK(std::to_string(result.total.requests) == *options.stop_after);
}

TEST_CASE("requests of a warm-up count among those after which a run stops, and may be all of them",
          "[sim][run]") {
  auto options = users("4", "1m");
  options.warm_up = "30s";
  options.stop_after = "50";
  const auto result = run_load(mix, options);
  CHECK(result.total.requests == 0);
  CHECK(result.run.measured == Seconds(0));
  const auto plan = make_plan(parse_scenario(mix, "test.toml").value(), options).value();
  CHECK(why_nothing_measured(result, *plan) ==
        "nothing was measured: the requests of --stop-after ended within the warm-up; lower --warm-up or "
        "raise --stop-after");
}

TEST_CASE("an interrupted run keeps what it measured and loses what was under way", "[sim][run]") {
  Setup setup;
  setup.interrupt_after = 1500ms;
  setup.stall_after = 1200ms;
  const auto result = run_load(mix, users("8", "20s"), setup);
  CHECK(result.run.interrupted);
  CHECK(result.run.elapsed < 2s);
  CHECK(result.total.requests > 100);
  CHECK(result.total.failed == 0);
}

TEST_CASE("a failed threshold ends a run that is told to abort", "[sim][run]") {
  Setup setup;
  setup.fail_if = {"rate > 1", "error_rate > 50%"};
  setup.abort_on_fail = true;
  auto options = users("8", "20s");
  options.warm_up = "1s";
  const auto result = run_load(mix, options, setup);
  CHECK(result.run.elapsed < 5s);
  CHECK_FALSE(result.run.interrupted);
  REQUIRE(result.thresholds.size() == 2);
  CHECK(result.thresholds[0].failed);
  CHECK_FALSE(result.thresholds[1].failed);
}

TEST_CASE("a server that does not answer times out; one that is not there is not asked in a tight loop",
          "[sim][run]") {
  Settings settings;
  settings.workers.count = 1;
  actors::Runtime runtime(settings.workers);
  auto options = users("4", "1s");
  options.timeout = "300ms";
  const auto plan = make_plan(parse_scenario("[[task]]\ndo = \"list\"\n", "t.toml").value(), options).value();
  boost::asio::io_context loop;
  boost::asio::ip::tcp::acceptor silent(
      loop, {boost::asio::ip::address_v4::loopback(), 0});  // listens, never accepts
  const auto endpoint = silent.local_endpoint();
  const bool listens = GENERATE(true, false);
  if (!listens) silent.close();
  HttpTransport transport(runtime, {"http://test", "test", "", {.addresses = {endpoint}}});
  std::ostringstream nowhere;
  LiveView view({nowhere, troupe::report::StatusLine::Mode::quiet, {}});
  const auto result =
      Run({loop, runtime, nullptr, transport, items_material(*plan->scenario), nullptr, view}, plan, {})
          .execute();
  transport.stop();
  CHECK(result.total.failed == result.total.requests);
  REQUIRE(result.failures.size() == 1);
  if (listens) {
    CHECK(result.failures[0].kind == "timed_out");
    CHECK(result.total.timed_out == result.total.requests);
    CHECK(result.total.requests >= 8);
    CHECK(result.total.bad.response.min >= 299ms);
  } else {
    CHECK(result.failures[0].kind == "connection");
    CHECK(result.failures[0].message == "cannot connect: Connection refused");
    CHECK(result.total.requests < 100);
  }
}

TEST_CASE("the mix is the scenario's, however fast the database and however few the requests", "[sim][run]") {
  const auto keys = GENERATE("own", "uniform", "zipfian");
  const auto count = GENERATE("4", "64");
  const auto toml = std::string("keys = { kind = \"") + keys + "\" }\n" + mix;
  auto options = users(count, "1s");
  Setup setup;
  setup.service = stand_in::ServiceTime{stand_in::ServiceTime::Kind::fixed, 5ms};
  const auto result = run_load(toml.c_str(), options, setup);
  CAPTURE(keys, count, result.total.requests);
  REQUIRE(result.total.requests > 300);
  for (const auto& task : result.tasks) {
    const auto share = static_cast<double>(task.requests) / static_cast<double>(result.total.requests);
    CAPTURE(task.name);
    CHECK(task.wanted_share == 0.2);
    // Two points, and what chance explains of so few requests.
    CHECK(share ==
          Approx(0.2).margin(0.02 + 3 * std::sqrt(0.16 / static_cast<double>(result.total.requests))));
  }
  CHECK(result.verdict.notes.empty());
}

TEST_CASE("items that exist are known to all users, from one item to as many as there are workers",
          "[sim][run]") {
  const auto items = GENERATE("1", "2");
  const auto toml = std::string("keys = { kind = \"uniform\" }\nexisting_items = ") + items +
                    "\n[[task]]\ndo = \"get\"\n[[task]]\ndo = \"create\"\nweight = 1\n";
  const auto result = run_load(toml.c_str(), users("4", "300ms"));
  CHECK(result.total.failed == 0);
  CHECK(result.tasks[0].requests > 0);
}
