#include "sim/scenario/parameter_reader.hpp"

#include <catch2/catch.hpp>

#include "sim/scenario/scenario_reader.hpp"

using namespace troupe::sim;

TEST_CASE("a faulty body, resource or parameter of a task is refused with its place and what is allowed") {
  const std::string task = "\n[[task]]\ndo = \"list\"\n";
  const std::string creating = "\n[[task]]\ndo = \"create\"\n";
  const std::string params = creating + "body = \"{}\"\n[task.params]\n";
  const auto [toml, message] = GENERATE_COPY(table<std::string, std::string>({
      {task + "resource = \"\"\n", "task[1].resource: must not be empty"},
      {task + "resource = 5\n", "task[1].resource: must be a text in quotes"},
      {task + "body = \"{}\"\n", "task[1].body: only goes with do = \"create\", \"update\" or \"request\""},
      {task + "params.n = { uniform = [1, 2] }\n",
       "task[1].params: only goes with a body or do = \"request\""},
      {creating + "body = \"\"\n", "task[1].body: must not be empty"},
      {creating + "body = \"{n}\"\n", "task[1].body: unknown placeholder {n} (known: id)"},
      {creating + "body = \"{m}\"\nparams.n = { uniform = [1, 2] }\n",
       "unknown placeholder {m} (known: id, n)"},
      {params + "n = 5\n", "test.toml:5: task[1].params.n: must be a table, as { uniform = [1, 100] }"},
      {params + "id = { list = [1] }\n", "task[1].params.id: must be letters, digits and _"},
      {params + "n = {}\n", "task[1].params.n: needs one of uniform, zipfian, column, list, data"},
      {params + "n = { unifrom = [1, 2] }\n", "task[1].params.n.unifrom: unknown key"},
      {params + "n = { uniform = [1, 2], list = [1] }\n", "task[1].params.n.list: does not go with uniform"},
      {params + "n = { uniform = [1, 2], theta = 0.5 }\n",
       "task[1].params.n.theta: unknown key (allowed: uniform)"},
      {params + "n = { uniform = [1] }\n", "task[1].params.n.uniform: must be two numbers, as [1, 100]"},
      {params + "n = { uniform = [2, 1] }\n", "task[1].params.n.uniform: must begin with the smaller number"},
      {params + "n = { uniform = [2.5, 1] }\n",
       "task[1].params.n.uniform: must begin with the smaller number"},
      {params + "n = { zipfian = [1, 2.5] }\n", "task[1].params.n.zipfian: must be two whole numbers"},
      {params + "n = { zipfian = [1, 2], theta = 1 }\n",
       "task[1].params.n.theta: must be between 0 and 1, not 1"},
      {params + "n = { column = \"id\" }\n", "task[1].params.n.column: 'id' must be a table and a column"},
      {params + "n = { column = \"a.b\", choice = \"own\" }\n", "'own' is not one of uniform, zipfian"},
      {params + "n = { column = \"a.b\", theta = 0.5 }\n", "theta: only goes with choice = \"zipfian\""},
      {params + "n = { list = [] }\n", "task[1].params.n.list: must not be empty"},
      {params + "n = { list = [[1]] }\n", "task[1].params.n.list: must hold texts, numbers, true or false"},
      {params + "n = { data = \"x\" }\n", "task[1].params.n.data: needs a file"},
  }));
  CAPTURE(toml);
  const auto scenario = parse_scenario(toml, "test.toml");
  REQUIRE(scenario.has_error());
  CHECK_THAT(scenario.error().message, Catch::StartsWith("test.toml:"));
  CHECK_THAT(scenario.error().message, Catch::Contains(message));
  CHECK(scenario.error().message.find('\n') == std::string::npos);
}

TEST_CASE("the values of a parameter are those that the file names") {
  const auto scenario = parse_scenario(R"(
    [[task]]
    do = "request"
    method = "GET"
    path = "/"
    params.a = { uniform = [-1, 1] }
    params.b = { column = "shop.orders.id", choice = "zipfian", theta = 0.5 }
  )",
                                       "test.toml")
                            .value();
  const auto& parameters = scenario.tasks[0].parameters;
  REQUIRE(parameters.size() == 2);
  CHECK(std::get<UniformWhole>(parameters[0].source).low == -1);
  const auto& column = std::get<ColumnValues>(parameters[1].source);
  CHECK(column.table == "shop.orders");
  CHECK(column.column == "id");
  CHECK(column.choice == troupe::KeyChoice{troupe::KeyChoice::Kind::zipfian, 0.5});
}
