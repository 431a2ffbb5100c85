// Servers that tasks name beside the one that a run aims at.
#include "sim/scenario/named_target.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "sim/scenario/scenario_reader.hpp"

using namespace troupe;
using namespace troupe::sim;
using Catch::Contains;

namespace {

const std::string two_targets = "[targets]\nauth = \"http://a:1\"\nshop-2 = \"http://b/x\"\n";

std::string task_for(const std::string& kind, const std::string& target) {
  return "[[" + kind + "]]\nname = \"" + kind + "\"\nmethod = \"GET\"\npath = \"/\"\ntarget = \"" + target +
         "\"\n";
}

}  // namespace

TEST_CASE("tasks and steps name their targets, which a command line can move") {
  auto scenario = parse_scenario(two_targets + task_for("setup.step", "auth") + task_for("task", "shop-2") +
                                     "[[task]]\nmethod = \"GET\"\npath = \"/own\"\n",
                                 "t.toml")
                      .value();
  REQUIRE(scenario.targets.size() == 2);
  CHECK(scenario.setup->tasks[0].target == 1);
  CHECK(scenario.tasks[0].target == 2);
  CHECK(scenario.tasks[1].target == 0);
  CHECK(scenario.why_targets() == "task 'task' is for the target 'shop-2'");
  CHECK(scenario.move_target({"auth", "http://c"}));
  CHECK(scenario.targets[0].url == "http://c");
  CHECK_FALSE(scenario.move_target({"other", "http://c"}));
}

TEST_CASE("a setup alone can need a target, and none may be needed") {
  const std::string own = "[[task]]\nmethod = \"GET\"\npath = \"/own\"\n";
  CHECK(parse_scenario(two_targets + own + task_for("setup.step", "auth"), "t.toml")->why_targets() ==
        "task 'setup.step' is for the target 'auth'");
  CHECK(parse_scenario(two_targets + own, "t.toml")->why_targets().empty());
}

TEST_CASE("what a command line says is a name and a URL, or a URL") {
  const auto [text, name, url] = GENERATE(table<std::string, std::string, std::string>({
      {"auth=http://h:1/p", "auth", "http://h:1/p"},
      {"a-1_b=unix:/s", "a-1_b", "unix:/s"},
      {"http://h/p?a=b", "", "http://h/p?a=b"},
      {"http://h", "", "http://h"},
      {"=http://h", "", "=http://h"},
  }));
  const auto said = read_named_target(text);
  CHECK(said.name == name);
  CHECK(said.url == url);
}

TEST_CASE("targets that cannot be are refused in a line that names them") {
  const auto [toml, message] = GENERATE(table<std::string, std::string>({
      {task_for("task", "auth"),
       "task[1].target: 'auth' is not among [targets]: write auth = \"http://…\" there"},
      {"[targets]\n\"a b\" = \"http://h\"\n" + task_for("task", "a b"), "must be a name of letters"},
      {"[targets]\na = 3\n" + task_for("task", "a"), "targets.a: must be a URL in quotes"},
      {two_targets + "[[task]]\ndo = \"list\"\ntarget = \"auth\"\n", "only goes with a request of its own"},
  }));
  CAPTURE(toml);
  const auto scenario = parse_scenario(toml, "t.toml");
  REQUIRE_FALSE(scenario.has_value());
  CHECK_THAT(scenario.error().message, Contains(message));
}
