// Classes of users: what a file says, who has which place, and which row of the data.
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "helpers/folder.hpp"
#include "sim/load/check_plan.hpp"
#include "sim/load/workload_options.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/users/user_session.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

std::string task(const std::string& kind, const std::string& name, const std::string& more = {}) {
  return "[[" + kind + "]]\nname = \"" + name + "\"\nmethod = \"GET\"\npath = \"/" + name + "\"\n" + more;
}

Scenario users_of(std::string_view toml) {
  return parse_scenario(toml, "t.toml").value();
}

std::vector<std::string> names_at(const Scenario& scenario, const std::vector<std::uint16_t>& places) {
  std::vector<std::string> names;
  for (const auto place : places) names.push_back(scenario.tasks[place].name);
  return names;
}

}  // namespace

TEST_CASE("a class of users has a start, tasks or steps, a stop, and a pace of its own") {
  const auto scenario = users_of(
      "think_time = { kind = \"constant\", value = \"1s\" }\n"
      "[[user]]\nname = \"buyers\"\nweight = 3\nevery = \"5s\"\niterations = 2\n" +
      task("user.start", "login", "extract = { token = \"/t\" }\n") +
      task("user.step", "look", "headers.X = \"{token}\"\n") + task("user.step", "buy") +
      task("user.stop", "logout") + "[[user]]\n" + task("user.task", "idle", "weight = 2\n") +
      task("user.task", "other"));
  REQUIRE(scenario.classes.size() == 2);
  const auto& buyers = scenario.classes[0];
  CHECK(buyers.name == "buyers");
  CHECK(buyers.every == Duration(5s));
  CHECK(buyers.iterations == 2u);
  CHECK(names_at(scenario, buyers.start) == std::vector<std::string>{"login"});
  CHECK(names_at(scenario, buyers.steps) == std::vector<std::string>{"look", "buy"});
  CHECK(names_at(scenario, buyers.stop) == std::vector<std::string>{"logout"});
  const auto& others = scenario.classes[1];
  CHECK(others.think_time.mean() == 1s);
  CHECK(names_at(scenario, others.tasks_by_weight) == std::vector<std::string>{"idle", "idle", "other"});
  CHECK(scenario.variables == std::vector<std::string>{"token"});
  CHECK(scenario.mean_think() == (3 * 5s + 1s) / 4);
}

TEST_CASE("tasks at the top are one class, and none where nothing needs a memory") {
  CHECK(users_of(task("task", "a")).classes.empty());
  for (const auto* more : {"iterations = 3\n", "total_iterations = 3\n", "every = \"1s\"\n"}) {
    const auto scenario = users_of(more + task("task", "a"));
    REQUIRE(scenario.classes.size() == 1);
    CHECK(scenario.classes[0].name.empty());
  }
  CHECK(users_of(task("task", "a", "extract.x = \"body\"\n")).classes.size() == 1);
  CHECK(users_of(task("task", "a") + "[[user]]\n" + task("user.task", "b")).classes.size() == 2);
}

TEST_CASE("users take places by the weights of their classes, well mixed") {
  const auto scenario =
      users_of("[[user]]\nweight = 3\n" + task("user.task", "a") + "[[user]]\n" + task("user.task", "b"));
  std::string order;
  for (const auto& place : scenario.places) order += place.user_class == 0 ? 'a' : 'b';
  CHECK(order == "aaba");
}

TEST_CASE("a user keeps its row of the data as the mode says") {
  const tests::Folder folder("user_reader_test");
  tests::write_content(folder / "u.csv", "name\nn0\nn1\nn2\n");
  const auto rows_of = [&](const std::string& mode, std::uint64_t users) {
    const auto file = folder / "s.toml";
    tests::write_content(file, "[[user]]\ndata = { file = \"u.csv\", mode = \"" + mode + "\" }\n" +
                                   task("user.task", "a", "query.n = \"{name}\"\n"));
    const auto scenario = load_scenario(file.string(), {}).value();
    std::vector<std::string> rows;
    Rng rng(1);
    for (std::uint64_t number = 0; number < users; ++number) {
      const UserSession session(scenario, number, rng);
      rows.push_back(session.fault().empty() ? session.row(rng)->front() : session.fault());
      if (session.fault().empty()) CHECK(session.row(rng) == session.row(rng));
    }
    return rows;
  };
  CHECK(rows_of("sequential", 4) == std::vector<std::string>{"n0", "n1", "n2", "n0"});
  const auto unique = rows_of("unique", 4);
  CHECK(std::vector(unique.begin(), unique.begin() + 3) == std::vector<std::string>{"n0", "n1", "n2"});
  CHECK_THAT(unique[3], Contains("the 3 rows of data with mode unique have run out"));
  const auto random = rows_of("random", 100);
  CHECK(std::set(random.begin(), random.end()).size() == 3);
}

TEST_CASE("a plan refuses more users than there are rows for each of them") {
  const tests::Folder folder("user_reader_test");
  tests::write_content(folder / "u.csv", "name\nn0\nn1\n");
  const auto file = folder / "s.toml";
  tests::write_content(file, "[[user]]\nname = \"x\"\ndata = { file = \"u.csv\", mode = \"unique\" }\n" +
                                 task("user.task", "a") + "[[user]]\n" + task("user.task", "b"));
  const auto plan = [&](const char* users) {
    WorkloadOptions options;
    options.users = users;
    return make_plan(load_scenario(file.string(), {}).value(), options);
  };
  CHECK(plan("4").has_value());
  CHECK_THAT(plan("5").error().message,
             Contains("its data of the users 'x' have 2 rows, and each of 3 users needs one of its own"));
}

TEST_CASE("arrivals have no users who pace themselves") {
  WorkloadOptions options;
  options.arrival_rate = "5";
  const auto plan = make_plan(users_of("every = \"1s\"\n" + task("task", "a")), options);
  CHECK_THAT(plan.error().message, Contains("does not go with --arrival-rate"));
}

TEST_CASE("a check does every task of a class once, in the order of the file") {
  const auto scenario =
      users_of("[[user]]\n" + task("user.start", "in") + task("user.task", "a", "weight = 9\n") +
               task("user.task", "b") + task("user.stop", "out") + "[[user]]\n" + task("user.step", "c"));
  const auto plans = check_plans(*make_plan(scenario, {}).value());
  REQUIRE(plans.size() == 2);
  const auto& first = *plans[0]->scenario;
  REQUIRE(first.classes.size() == 1);
  CHECK(names_at(first, first.classes[0].steps) == std::vector<std::string>{"in", "a", "b", "out"});
  CHECK(first.classes[0].iterations == 1u);
  CHECK(users_at_most(*plans[0]) == 1);
}

TEST_CASE("a faulty class is refused with one line that names file, line and key") {
  const std::string user = "[[user]]\n";
  const auto [toml, message] = GENERATE_COPY(table<std::string, std::string>({
      {"user = []", "t.toml:1: user: needs 1 to 20 entries"},
      {user, "t.toml:1: user[1].task: needs either [[user.task]] entries, by weight, or [[user.step]]"},
      {user + task("user.task", "a") + task("user.step", "b"), "needs either [[user.task]]"},
      {user + "nam = 1\n" + task("user.task", "a"), "user[1].nam: unknown key (allowed: name, weight"},
      {user + task("user.step", "a", "weight = 2\n"),
       "t.toml:6: user[1].step[1].weight: only goes with tasks"},
      {user + task("user.task", "a") + task("user.stop", "a"), "user[1].stop[1].name: 'a' is already taken"},
      {user + task("user.task", "a", "headers.X = \"{t}\"\n") + user +
           task("user.task", "b", "extract.t = \"/t\"\n"),
       "user[1].task: 'a' needs {t}, which no answer to these users gives"},
      {user + task("user.task", "a", "extract.\"1a\" = \"/t\"\n"), "extract.1a: must be a name of letters"},
      {user + task("user.task", "a", "extract.id = \"/t\"\n"), "and not id"},
      {user + task("user.task", "a", "extract.t = \"t\"\n"),
       "t.toml:6: user[1].task[1].extract.t: 't' is none of \"/json/pointer\", \"header:NAME\""},
      {user + task("user.task", "a", "extract.t = \"/a~2\"\n"), "is none of"},
      {user + task("user.task", "a", "extract.t = \"header:\"\n"), "names no field"},
      {user + task("user.task", "a", "extract.t = \"regex:(\"\n"), "is no regular expression: missing"},
      {user + task("user.task", "a", "checks.stat = [1]\n"), "user[1].task[1].checks.stat: unknown key"},
      {user + task("user.task", "a", "checks.json.a = 1\n"), "'a' is no JSON Pointer"},
      {user + task("user.task", "a", "checks.json.\"/a\" = []\n"), "must be a text, a number, true or false"},
      {user + task("user.task", "a", "checks.status = [200]\nstatus = [200]\n"), "leave out checks.status"},
      {user + "every = \"0s\"\n" + task("user.task", "a"), "user[1].every: must be above 0 and at most 24h"},
      {user + "every = \"1s\"\nthink_time = { kind = \"constant\", value = \"1s\" }\n" +
           task("user.task", "a"),
       "user[1].every: and think_time contradict each other"},
      {user + "iterations = 0\n" + task("user.task", "a"), "user[1].iterations: must be from 1 to"},
      {"data = { file = \"x.csv\", mode = \"any\" }\n" + task("task", "a"),
       "t.toml:1: data: mode 'any' is not one of random, sequential, unique"},
      {"data = { mode = \"random\" }\n" + task("task", "a"), "data: file must be a text in quotes"},
      {"auth.bearer = \"{t}\"\n" + user + task("user.start", "in", "extract.t = \"/t\"\n") +
           "[[user.task]]\ndo = \"list\"\n",
       "items are made before there are users: give headers and auth to the tasks"},
      {"iterations = 1\n[cycle]\nphases = [\"create\"]\n", "iterations: does not go with [cycle]"},
      {"[cycle]\nphases = [\"create\"]\n" + user + task("user.task", "a"),
       "needs either [[task]] or [[user]]"},
  }));
  CAPTURE(toml);
  const auto read = parse_scenario(toml, "t.toml");
  REQUIRE(read.has_error());
  CHECK_THAT(read.error().message, Contains(message) && Catch::StartsWith("t.toml:"));
  CHECK(read.error().message.find('\n') == std::string::npos);
}
