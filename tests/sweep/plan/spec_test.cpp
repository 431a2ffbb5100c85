#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "sweep/plan/spec.hpp"

using namespace troupe;
using namespace troupe::sweep;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

std::string fault_of(std::string_view toml) {
  const auto spec = parse_spec(toml, "s.toml");
  REQUIRE_FALSE(spec.has_value());
  CHECK(spec.error().code == ErrorCode::invalid_argument);
  CHECK(spec.error().message.find('\n') == std::string::npos);
  return spec.error().message;
}

}  // namespace

TEST_CASE("a sweep file names axes by setting keys, by their short names, and its own ones") {
  const auto spec = parse_spec(R"(
    duration = "250ms"
    warm_up = 0
    repeats = 5
    seed = 7
    budget = "2m"
    constraints = ["pool_size <= 2 * workers"]
    [axes]
    scenario = "mixed"
    users = [1, 8]
    pool_size = [1, 2]
    database.batching = ["coalesce", "off"]
    server.connection_actors = [1, "per-connection"]
    workers = [1, 2]
  )",
                               "s.toml");
  REQUIRE(spec.has_value());
  CHECK(spec->duration == 250ms);
  CHECK(spec->warm_up == Duration{});
  CHECK(spec->budget == Duration(2min));
  CHECK(spec->repeats == 5);
  CHECK(spec->seed == 7);
  CHECK(spec->constraints == std::vector<std::string>{"pool_size <= 2 * workers"});
  const auto values = [&](const char* name) {
    return spec->find(name) ? spec->find(name)->values : std::vector<std::string>{};
  };
  CHECK(values("scenario") == std::vector<std::string>{"mixed"});
  CHECK(values("users") == std::vector<std::string>{"1", "8"});
  CHECK(values("database.pool_size") == std::vector<std::string>{"1", "2"});
  CHECK(values("database.batching") == std::vector<std::string>{"coalesce", "off"});
  CHECK(values("server.connection_actors") == std::vector<std::string>{"1", "per-connection"});
  CHECK(values("workers.count") == std::vector<std::string>{"1", "2"});
}

TEST_CASE("a fault in a sweep file is one line with file, line and cure") {
  const auto [toml, expected] = GENERATE(table<std::string, std::string>({
      {"[axes]\nusers = []", "s.toml:2: users is an empty list"},
      {"[axes]\nusers = [1, 1]", "s.toml:2: users names 1 twice"},
      {"[axes]\nusers = ['']", "s.toml:2: users has an empty value"},
      {"[axes]\npool_sise = [1]", "s.toml:2: unknown axis pool_sise; did you mean pool_size?"},
      {"[axes]\ndatabase.pool_sise = [1]",
       "s.toml:2: unknown axis database.pool_sise; did you mean database.pool_size?"},
      {"[axes]\ndatabase.url = ['x']", "s.toml:2: database.url is the same for a whole sweep"},
      {"[axes]\nserver.port = [1]", "s.toml:2: server.port is the same for a whole sweep"},
      {"duratoin = '1s'", "s.toml:1: unknown key duratoin; did you mean duration?"},
      {"duration = '0s'", "s.toml:1: duration must be a duration above 0"},
      {"duration = 'fast'",
       "s.toml:1: duration must be a duration above 0, as in 500ms, 3s or 10m, not 'fast'"},
      {"warm_up = '-1s'", "s.toml:1: warm_up must be a duration from 0 up"},
      {"repeats = 0", "s.toml:1: repeats must be a whole number from 1 to 1000, not '0'"},
      {"seed = -1", "s.toml:1: seed must be a whole number"},
      {"axes = 1", "s.toml:1: axes must be a table"},
      {"[axes]\nusers = [[1]]", "s.toml:2: users must be a text, a number, or a list of them"},
      {"users = ", "s.toml:1: not valid TOML"},
  }));
  CAPTURE(toml);
  CHECK_THAT(fault_of(toml), Contains(expected));
}

TEST_CASE("the sweep file that comes with Troupe can be read") {
  std::ifstream in(TROUPE_SOURCE_DIR "/config/sweep.toml");
  const auto spec = parse_spec(std::string(std::istreambuf_iterator<char>(in), {}), "config/sweep.toml");
  REQUIRE(spec.has_value());
  CHECK(spec->axes.size() >= 4);
}

TEST_CASE("a plan comes back from a sweep's records as it went in") {
  Spec spec;
  spec.axes = {{"database.pool_size", {"1", "2"}}, {"users", {"8"}}};
  spec.constraints = {"users > 1"};
  spec.duration = 1500ms;
  spec.warm_up = 0ms;
  spec.budget = GENERATE(std::optional<Duration>{}, std::optional<Duration>{90s});
  spec.repeats = 4;
  spec.seed = 99;
  const auto again = spec_of(info_of(spec, spec.axes));
  CHECK(again.axes == spec.axes);
  CHECK(again.constraints == spec.constraints);
  CHECK(again.duration == spec.duration);
  CHECK(again.warm_up == spec.warm_up);
  CHECK(again.budget == spec.budget);
  CHECK(again.repeats == spec.repeats);
  CHECK(again.seed == spec.seed);
}

TEST_CASE("a service's axis has a name of its own") {
  CHECK(service_axis_name("pool").value() == "axis.pool");
  CHECK(service_axis_name("gc_threshold2").value() == "axis.gc_threshold2");
  CHECK(service_axis_name("workers").value() == "axis.workers");
  const auto [name, fault] = GENERATE(table<std::string, std::string>({
      {"", "a name is a lower-case word"},
      {"Pool", "a name is a lower-case word"},
      {"2nd", "a name is a lower-case word"},
      {"pool-size", "a name is a lower-case word"},
      {"users", "--axis users: that name is taken: --users varies it"},
      {"arrival_rate", "--axis arrival_rate: that name is taken: --arrival-rate varies it"},
      {"model", "--axis model: that name is taken: call it otherwise"},
  }));
  CHECK_THAT(service_axis_name(name).error().message, Contains(fault));
}

TEST_CASE("a service's plan comes back from a sweep's records as it went in") {
  Spec spec;
  spec.service = Service{"http://h:1",
                         {"axis.b", "axis.a"},
                         "B={b}",
                         "A={a}",
                         60s,
                         4096,
                         "http://h:1/ok",
                         5s,
                         "port",
                         "ca.pem",
                         true,
                         {"h:1:127.0.0.1"},
                         true,
                         std::vector<std::string>{"X: 1"},
                         "TOKEN"};
  spec.axes = {{"axis.a", {"1"}}, {"axis.b", {"2"}}};
  const auto again = spec_of(info_of(spec, spec.axes));
  REQUIRE(again.service);
  CHECK(again.service->axes == spec.service->axes);
  CHECK(again.service->before == "B={b}");
  CHECK(again.service->ready_timeout == sim::Seconds(5));
  CHECK(again.service->ca_file == "ca.pem");
  CHECK(again.service->insecure);
  CHECK(again.service->resolve == std::vector<std::string>{"h:1:127.0.0.1"});
  CHECK(again.service->no_check);
  CHECK(again.service->command_output == 4096);
  CHECK(again.service->headers == spec.service->headers);
  CHECK(again.service->bearer_env == "TOKEN");
}
