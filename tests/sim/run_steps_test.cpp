// Setup and teardown of whole runs, on a server that a test scripts.
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>
#include <mutex>
#include <sstream>

#include "helpers/fake_server.hpp"
#include "sim/load/workload_options.hpp"
#include "sim/material/outside_material.hpp"
#include "sim/run.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/transport/http_transport.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

const std::string steps_around = R"(
[[setup.step]]
name = "login"
method = "POST"
path = "/login"
extract = { token = "/token" }
[[setup.step]]
name = "seed"
method = "POST"
path = "/seed/{token}"
[[task]]
name = "work"
method = "GET"
path = "/work/{token}"
[[teardown.step]]
name = "clean"
method = "DELETE"
path = "/seed/{token}"
[[teardown.step]]
name = "logout"
method = "POST"
path = "/logout"
)";

/// Remembers what it was asked for, and refuses what a test wants it to.
class StepServer {
 public:
  explicit StepServer(std::string refused = {})
      : refused_(std::move(refused)), server_([this](const std::string& request) { return on(request); }) {}

  /// "METHOD PATH", in order, each of those that follow each other once.
  std::vector<std::string> asked() {
    const std::scoped_lock lock(mutex_);
    return asked_;
  }
  HttpTarget target() const { return find_target(server_.url(), 5s).value(); }

 private:
  FakeServer::Reply on(const std::string& request) {
    const auto line = request.substr(0, request.find(" HTTP/"));
    const std::scoped_lock lock(mutex_);
    if (asked_.empty() || asked_.back() != line) asked_.push_back(line);
    if (!refused_.empty() && line.find(refused_) != std::string::npos)
      return {"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"};
    return {answer_200("{\"token\":\"t7\"}")};
  }

  std::mutex mutex_;
  std::vector<std::string> asked_;
  std::string refused_;
  FakeServer server_;
};

struct StepsOutcome {
  Result<void> set_up, torn_down;
  RunResult result;
};

/// One run of a fifth of a second. `interrupted`: it would take an hour, and is ended then.
StepsOutcome run_with_steps(StepServer& server, bool interrupted = false) {
  WorkloadOptions options;
  options.users = "3";
  options.duration = interrupted ? "1h" : "200ms";
  options.seed = "1";
  const auto plan = make_plan(parse_scenario(steps_around, "t.toml").value(), options).value();
  actors::Runtime runtime(WorkerSettings{2});
  HttpTransport transport(runtime, server.target());
  boost::asio::io_context loop;
  std::ostringstream nowhere;
  LiveView view({nowhere, report::StatusLine::Mode::quiet, {}});
  Run run({.loop = loop,
           .runtime = runtime,
           .transport = transport,
           .material = outside_material(*plan->scenario),
           .view = view},
          plan, {});
  StepsOutcome outcome;
  outcome.set_up = run.set_up();
  boost::asio::steady_timer ctrl_c(loop, 200ms);
  if (interrupted) {
    ctrl_c.async_wait([&](boost::system::error_code ec) {
      if (!ec) run.interrupt();
    });
  }
  if (outcome.set_up) outcome.result = run.execute();
  outcome.torn_down = run.tear_down();
  CHECK(run.tear_down().has_value());  // of what is put away nothing is left to do
  transport.stop();
  return outcome;
}

}  // namespace

TEST_CASE("setup comes before the load, its values are all users', teardown comes behind it") {
  StepServer server;
  const auto outcome = run_with_steps(server);
  CHECK(outcome.set_up.has_value());
  CHECK(outcome.torn_down.has_value());
  CHECK(server.asked() == std::vector<std::string>{"POST /login", "POST /seed/t7", "GET /work/t7",
                                                   "DELETE /seed/t7", "POST /logout"});
  CHECK(outcome.result.tasks.size() == 1);
  CHECK(outcome.result.total.requests > 10);
  CHECK(outcome.result.failures.empty());
}

TEST_CASE("a setup step that fails ends it, and there is nothing to put away") {
  StepServer server("/seed");
  const auto outcome = run_with_steps(server);
  REQUIRE_FALSE(outcome.set_up.has_value());
  CHECK(outcome.set_up.error().code == ErrorCode::unavailable);
  CHECK(outcome.set_up.error().message == "setup step 'seed' failed: status: 500");
  CHECK(outcome.torn_down.has_value());
  CHECK(server.asked() == std::vector<std::string>{"POST /login", "POST /seed/t7"});
}

TEST_CASE("a teardown step that fails is told, and the others are done") {
  StepServer server("DELETE");
  const auto outcome = run_with_steps(server);
  CHECK(outcome.set_up.has_value());
  REQUIRE_FALSE(outcome.torn_down.has_value());
  CHECK(outcome.torn_down.error().message == "teardown step 'clean' failed: status: 500");
  CHECK(server.asked().back() == "POST /logout");
  CHECK(outcome.result.failures.empty());
}

TEST_CASE("what was set up is put away also when the run was interrupted") {
  StepServer server;
  const auto outcome = run_with_steps(server, true);
  CHECK(outcome.result.run.interrupted);
  CHECK(server.asked() == std::vector<std::string>{"POST /login", "POST /seed/t7", "GET /work/t7",
                                                   "DELETE /seed/t7", "POST /logout"});
}
