// Setup and teardown: what a file says of the steps around a run.
#include "sim/scenario/steps_reader.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "sim/scenario/scenario_reader.hpp"

using namespace troupe;
using namespace troupe::sim;
using Catch::Contains;

namespace {

std::string step_of(const std::string& kind, const std::string& name, const std::string& more = {}) {
  return "[[" + kind + ".step]]\nname = \"" + name + "\"\nmethod = \"POST\"\npath = \"/" + name + "\"\n" +
         more;
}

const std::string takes_token = "extract = { token = \"/token\" }\n";
const std::string sends_token = "auth = { bearer = \"{token}\" }\n";
const std::string work_task = "[[task]]\nname = \"work\"\nmethod = \"GET\"\npath = \"/work\"\n";

}  // namespace

TEST_CASE("setup and teardown are steps of one user, beside the tasks and with the same variables") {
  const auto scenario =
      parse_scenario(work_task + sends_token + step_of("setup", "login", takes_token) +
                         step_of("setup", "seed", sends_token) + step_of("teardown", "logout", sends_token),
                     "t.toml")
          .value();
  CHECK(scenario.tasks.size() == 1);
  REQUIRE(scenario.setup != nullptr);
  REQUIRE(scenario.teardown != nullptr);
  CHECK(scenario.setup->tasks.size() == 2);
  CHECK(scenario.setup->tasks[1].name == "seed");
  CHECK(scenario.setup->classes.at(0).ends_on_failure);
  CHECK_FALSE(scenario.teardown->classes.at(0).ends_on_failure);
  for (const auto& steps : {scenario.setup, scenario.teardown}) {
    CHECK(steps->variables == std::vector<std::string>{"token"});
    CHECK(steps->classes.at(0).iterations == 1u);
    CHECK(steps->places.size() == 1);
  }
  CHECK(scenario.classes.size() == 1);  // its task has a memory now
  CHECK(scenario.writes());
  CHECK(scenario.needs_http());
}

TEST_CASE("a file without setup and teardown has none") {
  const auto scenario = parse_scenario(work_task, "t.toml").value();
  CHECK(scenario.setup == nullptr);
  CHECK(scenario.teardown == nullptr);
}

TEST_CASE("steps around a load of items make it need HTTP") {
  const std::string items = "[[task]]\ndo = \"list\"\n";
  CHECK_FALSE(parse_scenario(items, "t.toml")->needs_http());
  CHECK(parse_scenario(items + step_of("setup", "a"), "t.toml")->needs_http());
  CHECK(parse_scenario(items + step_of("teardown", "a"), "t.toml")->needs_http());
}

TEST_CASE("what steps cannot be is refused in a line that names them") {
  const auto [toml, message] = GENERATE(table<std::string, std::string>({
      {"[setup]\n" + work_task, "setup.step: needs 1 to 100 entries, written as [[setup.step]]"},
      {"[setup]\nsteps = []\n" + work_task, "setup.steps"},
      {"setup = 3\n" + work_task, "setup: must be a table"},
      {"[setup]\nstep = [1]\n" + work_task, "setup.step: must be written as [[setup.step]]"},
      {work_task + step_of("setup", "a", "weight = 2\n"), "setup.step[1].weight: only goes with tasks"},
      {work_task + step_of("setup", "a") + step_of("setup", "a"), "setup.step[2].name: 'a' is already taken"},
      {work_task + step_of("setup", "a", sends_token) + step_of("setup", "b", takes_token),
       "setup.step 'a': needs {token}, which no step before it gives"},
      {work_task + step_of("teardown", "a", sends_token) + step_of("teardown", "b", takes_token),
       "teardown.step 'a': needs {token}, which no step before it gives"},
      {work_task + "[[setup.step]]\ndo = \"list\"\n", "setup.step 'list': must be a request of its own"},
      {work_task + "[[setup.step]]\nmethod = \"GET\"\npath = \"/items/{id}\"\n",
       "must be a request of its own"},
      {work_task + sends_token + step_of("teardown", "a", takes_token),
       "'work' needs {token}, which no answer"},
  }));
  CAPTURE(toml);
  const auto scenario = parse_scenario(toml, "t.toml");
  REQUIRE_FALSE(scenario.has_value());
  CHECK_THAT(scenario.error().message, Contains(message));
  CHECK(scenario.error().message.find('\n') == std::string::npos);
}
