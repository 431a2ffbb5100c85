#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <string>

#include "sim/material/material.hpp"
#include "sim/scenario/item_data.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/scenario_reader.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::KeyChoice;
using troupe::Rng;
namespace fs = std::filesystem;

namespace {

const fs::path shipped = fs::path(TROUPE_SOURCE_DIR) / "config" / "scenarios";

Scenario load_shipped(std::string_view name) {
  return load_scenario(name, std::vector{shipped}).value();
}

/// A folder of its own for a test's files, gone with it.
class ScenarioFolder {
 public:
  ScenarioFolder()
      : path_(fs::temp_directory_path() / ("troupe_scenario_test_" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~ScenarioFolder() { fs::remove_all(path_); }
  fs::path write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string rendered(const TextTemplate& text, const std::string& id,
                     const std::vector<std::string>* row = nullptr) {
  std::string out;
  text.render({std::span(&id, 1), row}, out);
  return out;
}

Scenario scenario_of(std::string_view toml) {
  return parse_scenario(toml, "test.toml").value();
}

}  // namespace

TEST_CASE("the shop scenario is the original's Locust mix") {
  const auto shop = load_shipped("shop");
  std::map<std::string, unsigned> weights;
  for (const auto& task : shop.tasks) weights[task.name] = task.weight;
  REQUIRE(weights == std::map<std::string, unsigned>{
                         {"list", 3}, {"create", 2}, {"get", 2}, {"update", 1}, {"delete", 1}});
  REQUIRE(shop.think_time.mean() == 2s);
  Rng rng(1);
  for (int i = 0; i < 1'000; ++i) {
    const auto think = shop.think_time.sample(rng);
    REQUIRE((think >= 1s && think <= 3s));
  }
  REQUIRE(shop.keys.kind == KeyChoice::Kind::own);
  for (const auto& task : shop.tasks) REQUIRE(task.checks.status_ok(404) == task.needs_key());
  REQUIRE_FALSE(shop.needs_http());
}

TEST_CASE("the mixed scenario is shop without thinking") {
  const auto shop = load_shipped("shop");
  const auto mixed = load_shipped("mixed");
  REQUIRE(mixed.think_time.none());
  REQUIRE(mixed.tasks.size() == shop.tasks.size());
  REQUIRE(mixed.tasks_by_weight == shop.tasks_by_weight);
}

TEST_CASE("the crud scenario is the original's cycle") {
  const auto crud = load_shipped("crud");
  REQUIRE(crud.cycle.has_value());
  REQUIRE(crud.cycle->items == 500);
  REQUIRE(crud.cycle->concurrency == 20);
  REQUIRE(crud.cycle->phases ==
          std::vector{Operation::create, Operation::get, Operation::update, Operation::remove});
  REQUIRE(crud.tasks.size() == 4);
  REQUIRE(crud.tasks[3].method == "DELETE");
}

TEST_CASE("read only reads and write only writes") {
  for (const auto& task : load_shipped("read").tasks) REQUIRE(task.method == "GET");
  REQUIRE(load_shipped("read").existing_items > 0);
  for (const auto& task : load_shipped("write").tasks) REQUIRE(task.method != "GET");
}

TEST_CASE("operations have the methods and paths of the items API") {
  const auto scenario = scenario_of(R"(
    [[task]]
    do = "list"
    [[task]]
    do = "create"
    [[task]]
    do = "get"
    [[task]]
    do = "update"
    [[task]]
    do = "delete"
  )");
  const std::vector<std::pair<std::string, std::string>> expected{{"GET", "/items/"},
                                                                  {"POST", "/items/"},
                                                                  {"GET", "/items/7"},
                                                                  {"PUT", "/items/7"},
                                                                  {"DELETE", "/items/7"}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto& task = scenario.tasks[i];
    CHECK(task.method == expected[i].first);
    CHECK(rendered(task.path, "7") == expected[i].second);
    CHECK(task.needs_key() == (i >= 2));
    CHECK(task.checks.status_ok(299));
    CHECK_FALSE(task.checks.status_ok(404));
  }
}

TEST_CASE("paths can be those of another API") {
  const auto scenario = scenario_of(R"(
    paths = { collection = "/api/things/", item = "/api/things/{id}/" }
    [[task]]
    do = "get"
    [[task]]
    do = "create"
  )");
  REQUIRE(rendered(scenario.tasks[0].path, "12") == "/api/things/12/");
  REQUIRE(rendered(scenario.tasks[1].path, "") == "/api/things/");
}

TEST_CASE("tasks are picked by weight") {
  const auto shop = load_shipped("shop");
  Rng rng(3);
  std::vector<int> counts(shop.tasks.size());
  for (int i = 0; i < 90'000; ++i) ++counts[shop.pick_task(rng)];
  for (std::size_t i = 0; i < counts.size(); ++i)
    REQUIRE(counts[i] == Approx(10'000 * shop.tasks[i].weight).epsilon(0.03));
}

TEST_CASE("a request of its own has method, path, body and checks, filled from data rows") {
  const ScenarioFolder folder;
  folder.write("things.csv", "kind,label\na b/c,\"say \"\"hi\"\"\"\n");
  const auto file = folder.write("own.toml", R"(
    data = "things.csv"
    [[task]]
    do = "request"
    name = "search"
    method = "PATCH"
    path = "/items/{id}?kind={kind}"
    body = '{"label": "{label}", "nested": {"n": {id}}}'
    status = [200, 201]
    body_contains = "ok"
  )");
  const auto scenario = load_scenario(file.string(), {}).value();
  const auto& task = scenario.tasks[0];
  Rng rng(1);
  const auto* row = scenario.pick_row(rng);
  CHECK(task.name == "search");
  CHECK(task.method == "PATCH");
  CHECK(rendered(task.path, "5", row) == "/items/5?kind=a%20b%2Fc");
  CHECK(rendered(task.body, "5", row) == R"({"label": "say \"hi\"", "nested": {"n": 5}})");
  CHECK(task.needs_key());
  CHECK(task.checks.status_ok(201));
  CHECK_FALSE(task.checks.status_ok(204));
  CHECK(task.checks.body_contains == "ok");
  CHECK(scenario.needs_http());
}

TEST_CASE("a scenario tells whether it writes, and what it needs to know of the database") {
  const auto [task, writes, why] = GENERATE(table<std::string, bool, std::string>({
      {"do = \"list\"", false, ""},
      {"do = \"get\"\nresource = \"orders\"", false, "task 'get orders' works on orders"},
      {"do = \"create\"", true, ""},
      {"do = \"update\"", true, ""},
      {"do = \"delete\"", true, ""},
      {"do = \"request\"\nmethod = \"GET\"\npath = \"/\"", false, ""},
      {"do = \"request\"\nmethod = \"POST\"\npath = \"/\"", true, ""},
      {"do = \"request\"\nmethod = \"GET\"\npath = \"/{n}\"\nparams.n = { column = \"a.b\" }", false,
       "task 'GET /{n}' takes values of a column"},
  }));
  CAPTURE(task);
  const auto scenario = scenario_of("[[task]]\n" + task + "\n");
  CHECK(scenario.writes() == writes);
  CHECK(scenario.why_database() == why);
}

TEST_CASE("a scenario that looks into bodies needs HTTP") {
  const auto scenario = scenario_of("[[task]]\ndo = \"list\"\nbody_contains = \"x\"\n");
  REQUIRE(scenario.needs_http());
}

TEST_CASE("items come from data rows when there are some, and are made up otherwise") {
  const ScenarioFolder folder;
  folder.write("items.csv", "price,name,in_stock,description\n1.5,Lamp,false,\n2,\"Chair, red\",true,soft\n");
  const auto file = folder.write("data.toml", "data = \"items.csv\"\n[[task]]\ndo = \"create\"\n");
  const auto scenario = load_scenario(file.string(), {}).value();
  const auto items = troupe::postgres::declared_items();
  Rng rng(2);
  const auto body_of = [&](const Scenario& of) {
    RowValues values;
    std::string body;
    items_material(of)->tasks[0].rows.make(rng, of.pick_row(rng), values);
    values.append_json(items->resource, body);
    return body;
  };
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) seen.insert(body_of(scenario));
  CHECK(seen ==
        std::set<std::string>{R"({"name":"Lamp","description":null,"price":1.5,"in_stock":false})",
                              R"({"name":"Chair, red","description":"soft","price":2.0,"in_stock":true})"});

  const auto made_up = scenario_of("[[task]]\ndo = \"create\"\n");
  CHECK(body_of(made_up) != body_of(made_up));
}

TEST_CASE("every think time and key choice can be written") {
  const auto [text, mean] = GENERATE(table<std::string, troupe::Duration>({
      {R"({ kind = "none" })", 0s},
      {R"({ kind = "constant", value = "250ms" })", 250ms},
      {R"({ kind = "uniform", min = "0s", max = "2s" })", 1s},
      {R"({ kind = "exponential", mean = "1m" })", 60s},
      {R"({ kind = "normal", mean = "2s", deviation = "0s" })", 2s},
      {R"({ kind = "lognormal", mean = "2s", sigma = 0.5 })", 2s},
      {R"({ kind = "lognormal", median = "2s", sigma = 1e-9 })", 2s},
  }));
  const auto scenario = scenario_of("think_time = " + text + "\n[[task]]\ndo = \"list\"\n");
  REQUIRE(std::chrono::round<std::chrono::microseconds>(scenario.think_time.mean()) == mean);
  const auto keys = GENERATE(table<std::string, KeyChoice>({
      {R"({ kind = "own" })", {KeyChoice::Kind::own}},
      {R"({ kind = "uniform" })", {KeyChoice::Kind::uniform}},
      {R"({ kind = "zipfian", theta = 0.5 })", {KeyChoice::Kind::zipfian, 0.5}},
  }));
  REQUIRE(scenario_of("keys = " + std::get<0>(keys) + "\n[[task]]\ndo = \"list\"\n").keys ==
          std::get<1>(keys));
}

TEST_CASE("a faulty scenario is refused with one line that names file, line, key and what is allowed") {
  const std::string task = "\n[[task]]\ndo = \"list\"\n";
  const auto [toml, message] = GENERATE_COPY(table<std::string, std::string>({
      {"", "test.toml:1: task: needs either [[task]] or [[user]] entries, or one [cycle]"},
      {"x = [", "test.toml:1: "},
      {"thinktime = 1" + task, "test.toml:1: thinktime: unknown key (allowed: description, think_time,"},
      {"think_time = 5" + task, "test.toml:1: think_time: must be a table"},
      {"think_time = { kind = \"poisson\" }" + task, "'poisson' is not one of none, constant, uniform"},
      {"think_time = { kind = \"constant\", value = 3 }" + task,
       "think_time.value: must be a text in quotes"},
      {"think_time = { kind = \"constant\", value = \"3\" }" + task,
       "think_time.value: '3' is not a duration: the unit is missing"},
      {"think_time = { kind = \"constant\" }" + task, "think_time.value: is missing"},
      {"think_time = { kind = \"constant\", value = \"1s\", mean = \"1s\" }" + task,
       "think_time.mean: unknown key (allowed: kind, value)"},
      {"think_time = { kind = \"uniform\", min = \"3s\", max = \"1s\" }" + task,
       "think_time.max: must not be smaller than min"},
      {"think_time = { kind = \"lognormal\", sigma = 1.0 }" + task, "either mean or median"},
      {"think_time = { kind = \"lognormal\", mean = \"1s\", sigma = 0 }" + task,
       "think_time.sigma: must be between 0 and 10, not 0"},
      {"keys = { kind = \"own\", theta = 0.5 }" + task, "keys.theta: only goes with kind = \"zipfian\""},
      {"keys = { kind = \"zipfian\", theta = 1.0 }" + task, "keys.theta: must be between 0 and 1, not 1"},
      {"existing_items = -1" + task, "existing_items: must be from 0 to 10000000, not -1"},
      {"paths = { item = \"/items/\" }" + task, "paths.item: must contain {id}"},
      {"paths = { item = \"items/{id}\" }" + task, "paths.item: 'items/{id}' must start with /"},
      {"paths = { collection = \"/a b\" }" + task, "must not contain blanks"},
      {"data = \"absent.csv\"" + task, "test.toml:1: data: cannot read absent.csv"},
      {"task = []", "task: needs 1 to 100 entries"},
      {"task = [1]", "task: must be written as [[task]]"},
      {"[[task]]\nweight = 1\n", "test.toml:1: task[1].do: is missing"},
      {"[[task]]\ndo = \"read\"\n",
       "test.toml:2: task[1].do: 'read' is not one of list, create, get, update, delete, request"},
      {task + "weight = 0\n", "test.toml:4: task[1].weight: must be from 1 to 1000, not 0"},
      {task + "weight = 1.5\n", "task[1].weight: must be a whole number from 1 to 1000"},
      {task + "status = [99]\n", "task[1].status: must be a list of numbers from 100 to 599"},
      {task + "status = 200\n", "task[1].status: must be an array"},
      {task + "path = \"/x\"\n", "task[1].path: only goes with do = \"request\""},
      {task + task, "task[2].name: 'list' is already taken"},
      {"[[task]]\ndo = \"request\"\nmethod = \"get\"\npath = \"/\"\n", "'get' is not one of GET, POST, PUT"},
      {"[[task]]\ndo = \"request\"\nmethod = \"GET\"\npath = \"/{name}\"\n",
       "test.toml:4: task[1].path: unknown placeholder {name} (known: id, uuid, now, random_int(1,9), user, "
       "iteration)"},
      {"sample = 0" + task, "sample: must be from 1 to 1000000, not 0"},
      {"[cycle]\n", "cycle.phases: is missing"},
      {"[cycle]\nphases = [\"get\"]\n", "cycle.phases: must begin with create"},
      {"[cycle]\nphases = [\"create\", \"list\"]\n",
       "cycle.phases: must be a list of create, get, update, delete"},
      {"[cycle]\nphases = [\"create\", \"get\", \"get\"]\n", "must not name a phase twice"},
      {"[cycle]\nphases = [\"create\", \"delete\", \"get\"]\n", "delete must come last"},
      {"[cycle]\nphases = [\"create\"]\nitems = 0\n", "cycle.items: must be from 1 to 10000000, not 0"},
      {"[cycle]\nphases = [\"create\"]\n" + task, "needs either"},
  }));
  CAPTURE(toml);
  const auto scenario = parse_scenario(toml, "test.toml");
  REQUIRE(scenario.has_error());
  CHECK_THAT(scenario.error().message, Catch::StartsWith("test.toml:"));
  CHECK_THAT(scenario.error().message, Catch::Contains(message));
  CHECK(scenario.error().message.find('\n') == std::string::npos);
}

TEST_CASE("a scenario that is not there is refused with those that are") {
  const auto unknown = load_scenario("shpo", std::vector{fs::path("/nowhere"), shipped});
  REQUIRE_THAT(unknown.error().message,
               Catch::Contains("unknown scenario 'shpo' (available: crud, mixed, read, shop, write;"));
  REQUIRE_THAT(load_scenario("absent/x.toml", {}).error().message,
               Catch::Contains("cannot read absent/x.toml"));
  REQUIRE_THAT(load_scenario("/tmp/", {}).error().message, Catch::Contains("cannot read /tmp/"));
}

TEST_CASE("CSV is read as spreadsheets write it") {
  const auto data = parse_data_rows(
                        "\xEF\xBB\xBF"
                        "a,b\r\n1,\"x,\"\"y\"\"\nz\"\r\n\r\n,\r\n3,4",
                        "d.csv")
                        .value();
  REQUIRE(data.columns == std::vector<std::string>{"a", "b"});
  REQUIRE(data.rows == std::vector<std::vector<std::string>>{{"1", "x,\"y\"\nz"}, {"", ""}, {"3", "4"}});
}

TEST_CASE("faulty CSV is refused with file and line") {
  const auto [csv, message] = GENERATE(table<std::string, std::string>({
      {"", "d.csv:1: has no data rows"},
      {"a,b\n", "d.csv:1: has no data rows"},
      {"a,b\n1,2\n3\n", "d.csv:3: has 1 fields, the header has 2"},
      {"a,\"b\nc\"\n", "d.csv:1: column name 'b\nc' must be letters"},
      {"a,a\n1,2\n", "d.csv:1: column 'a' appears twice"},
      {"id\n1\n", "d.csv:1: a column must not be named 'id'"},
      {"1a\n1\n", "column name '1a' must be letters"},
      {"a\n\"1\n2", "d.csv:2: the quote that opens here is never closed"},
      {"a\n\"1\"2\n", "d.csv:2: text after a closing quote"},
  }));
  CAPTURE(csv);
  const auto data = parse_data_rows(csv, "d.csv");
  REQUIRE(data.has_error());
  REQUIRE_THAT(data.error().message, Catch::Contains(message));
}

TEST_CASE("data that cannot be items are refused before the run") {
  const auto [csv, message] = GENERATE(table<std::string, std::string>({
      {"price\n1\n", "no column 'name'"},
      {"name,price\nx,1\ny,cheap\n", "data row 2: price 'cheap' is not a number"},
      {"name,price\nx,-1\n", "price '-1'"},
      {"name,in_stock\nx,yes\n", "in_stock 'yes' is neither"},
      {"name,price\n,1\n", "name must have 1 to 100 characters"},
  }));
  CAPTURE(csv);
  REQUIRE_THAT(fault_as_items(parse_data_rows(csv, "d.csv").value()), Catch::Contains(message));
  REQUIRE(
      fault_as_items(parse_data_rows("name,price\n" + std::string(100, 'x') + ",0\n", "d").value()).empty());
}
