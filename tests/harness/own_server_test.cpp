// Whole runs against a server of our own over direct: tasks as messages and as HTTP without a socket.
#include "harness/own_server.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <tuple>

#include "helpers/io_modes.hpp"
#include "helpers/transport_run.hpp"
#include "http/api/docs_page.hpp"
#include "sim/load/workload_options.hpp"
#include "sim/run.hpp"
#include "sim/scenario/scenario_reader.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace std::chrono_literals;
using harness::TransportKind;
using tests::check_good;

namespace {

struct DirectLoad {
  stand_in::StandIn stand_in{};
  const char* timeout = "5s";
  const char* duration = "300ms";
  std::size_t pool_size = 2;
};

Settings two_workers() {
  Settings settings;
  settings.workers.count = 2;
  return settings;
}

/// Four users for a while, from setup to teardown.
RunResult run_directly(const std::string& toml, Settings settings = two_workers(),
                       const DirectLoad& load = {}) {
  settings.database.pool_size = load.pool_size;
  WorkloadOptions options;
  options.users = "4";
  options.duration = load.duration;
  options.seed = "1";
  options.timeout = load.timeout;
  const auto plan = make_plan(parse_scenario(toml, "t.toml").value(), options).value();
  const auto source = harness::stand_in_pool(load.stand_in, 1);
  const auto kind = harness::transport_kind(false, *plan->scenario);
  auto own = harness::OwnServer::start(settings, kind, source, [] { return false; });
  REQUIRE(own.has_value());
  auto& server = **own;
  boost::asio::io_context loop;
  std::ostringstream nowhere;
  LiveView view({nowhere, report::StatusLine::Mode::quiet, {}});
  const auto material = harness::make_material(source, *plan->scenario, 1, 5s).value();
  Run run({.loop = loop,
           .runtime = server.users_runtime(),
           .server_runtime = &server.runtime(),
           .transport = server.transport(),
           .material = material,
           .waterfall = &server.waterfall(),
           .view = view},
          plan, {});
  run.use_existing_items();
  REQUIRE(run.set_up().has_value());
  auto result = run.execute();
  CHECK(run.tear_down().has_value());
  return result;
}

/// A task that sends a request, with what else it has.
std::string requesting(const std::string& method, const std::string& path, const std::string& more = {}) {
  return "[[task]]\nmethod = \"" + method + "\"\npath = \"" + path + "\"\n" + more;
}

}  // namespace

TEST_CASE("what goes as HTTP over direct is settled by the scenario") {
  const auto kind_of = [](const std::string& toml, bool http = false) {
    return harness::transport_kind(http, parse_scenario(toml, "t.toml").value());
  };
  const std::string list = "[[task]]\ndo = \"list\"\n";
  CHECK(kind_of(list) == TransportKind::direct);
  CHECK(kind_of(list + requesting("GET", "/")) == TransportKind::direct_requests);
  CHECK(kind_of(list + "[[setup.step]]\nname = \"a\"\nmethod = \"GET\"\npath = \"/\"\n") ==
        TransportKind::direct_requests);
  CHECK(kind_of(requesting("GET", "/"), true) == TransportKind::http);
}

TEST_CASE("requests over direct get the answers of our own routes, beside messages") {
  auto settings = two_workers();
  settings.workers.io = GENERATE(from_range(tests::io_modes()));
  std::tie(settings.server.connection_actors, settings.workers.scheduler) =
      GENERATE(table<std::size_t, Scheduler>(
          {{0, Scheduler::worker}, {1, Scheduler::worker}, {0, Scheduler::stealing}}));
  const auto result = run_directly(R"(existing_items = 10
[[setup.step]]
name = "look"
method = "GET"
path = "/items/7"
extract = { seven = "/id" }
[[task]]
do = "get"
[[task]]
name = "read"
method = "GET"
path = "/items/{seven}"
checks = { status = [200], header = { Content-Type = "application/json" }, json = { "/id" = 7 } }
[[task]]
name = "make"
method = "POST"
path = "/items/"
json = { name = "Lamp", price = 2.5 }
checks = { status = [201], json = { "/name" = "Lamp" } }
[[task]]
name = "head"
method = "HEAD"
path = "/items/7"
[[task]]
name = "nothing"
method = "GET"
path = "/nothing"
checks = { status = [404], header = { Content-Type = "application/problem+json" } }
[[task]]
name = "broken"
method = "POST"
path = "/items/"
body = "nonsense"
checks = { status = [400, 422] }
[[teardown.step]]
name = "live"
method = "GET"
path = "/health/live"
)",
                                   settings);
  check_good(result);
  REQUIRE(result.tasks.size() == 6);
  for (const auto& task : result.tasks) {
    CAPTURE(task.name);
    CHECK(task.requests > 0);
    const bool has_bytes = task.name != "get" && task.name != "head";
    CHECK((task.content_bytes > 0) == has_bytes);  // a message has none
  }
  REQUIRE(result.waterfall.size() == 5);
  CHECK(result.waterfall.front().stage == RequestStage::parse);
  CHECK(result.waterfall.back().stage == RequestStage::serialize);
}

TEST_CASE("requests over direct name the host that the server listens on, whatever it is") {
  auto settings = two_workers();
  settings.server.host = GENERATE(as<std::string>{}, "127.0.0.1", "localhost", "::1", "0.0.0.0");
  check_good(run_directly(requesting("GET", "/items/"), settings));
  const auto result =
      run_directly(requesting("GET", "/items/", "headers.Host = \"elsewhere.test\"\n"), settings);
  if (settings.server.host == "0.0.0.0") return check_good(result);
  CHECK(result.total.failed == result.total.requests);
  CHECK(result.failures.front().message == "421");
}

TEST_CASE("a redirect of our own routes is followed over direct, or is the answer") {
  const auto form = requesting("GET", "/items/?_form=1&limit=", "headers.Accept = \"text/html\"\n");
  check_good(run_directly(form + "follow = 1\nchecks.text = \"<html\"\n"));
  const auto result = run_directly(form);
  CHECK(result.total.requests > 0);
  CHECK(result.total.failed == result.total.requests);
  CHECK(result.failures.front().message == "303");
}

TEST_CASE("bodies that a connection in memory cannot hold at once come over direct as they are") {
  const std::string text(300'000, 'x');
  check_good(run_directly(
      requesting("POST", "/items/",
                 "body = '{\"name\": \"" + text + "\", \"price\": 1}'\n" + "checks.status = [201, 422]\n")));
  const auto page =
      run_directly(requesting("GET", http::script_path_of(http::docs_page.script)));  // swagger-ui
  check_good(page);
  CHECK(page.total.content_bytes > page.total.requests * 500'000);
}

TEST_CASE("a request over direct that is too large is refused in the middle of it, and the user goes on") {
  auto settings = two_workers();
  settings.server.body_limit = 100'000;
  const std::string text(300'000, 'x');
  check_good(
      run_directly(requesting("POST", "/items/", "body = '\"" + text + "\"'\nchecks.status = [413]\n") +
                       requesting("GET", "/items/"),
                   settings));
}

TEST_CASE("who gives up waiting over direct leaves nothing behind that an end would wait for") {
  DirectLoad load;
  load.stand_in = stand_in::parse_stand_in("fixed:400ms").value();
  load.timeout = "100ms";
  load.pool_size = 32;
  const auto begun = TimePoint::clock::now();
  const auto result = run_directly(requesting("GET", "/items/"), two_workers(), load);
  CHECK(TimePoint::clock::now() - begun < two_workers().server.shutdown_timeout);
  CHECK(result.total.timed_out > 0);
  CHECK(result.total.timed_out == result.total.failed);
}

TEST_CASE("an idle connection that the server closes costs no request over direct") {
  auto settings = two_workers();
  settings.server.idle_timeout = 20ms;  // the server looks each quarter of a second
  DirectLoad load;
  load.duration = "1500ms";
  check_good(
      run_directly("think_time = { kind = \"constant\", value = \"300ms\" }\n" + requesting("GET", "/items/"),
                   settings, load));
}
