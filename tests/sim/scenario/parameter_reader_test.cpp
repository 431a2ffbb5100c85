#include "sim/scenario/parameter_reader.hpp"

#include <catch2/catch.hpp>

#include "sim/scenario/scenario_reader.hpp"

using namespace troupe::sim;

TEST_CASE("a faulty body, resource or parameter of a task is refused with its place and what is allowed") {
  const std::string task = "\n[[task]]\ndo = \"list\"\n";
  const std::string creating = "\n[[task]]\ndo = \"create\"\n";
  const std::string sql = "\n[[task]]\ndo = \"sql\"\n";
  const std::string params = creating + "body = \"{}\"\n[task.params]\n";
  const auto [toml, message] = GENERATE_COPY(table<std::string, std::string>({
      {task + "resource = \"\"\n", "task[1].resource: must not be empty"},
      {task + "resource = 5\n", "task[1].resource: must be a text in quotes"},
      {task + "body = \"{}\"\n", "task[1].body: only goes with do = \"create\", \"update\" or \"request\""},
      {task + "params.n = { uniform = [1, 2] }\n",
       "task[1].params: only goes with a body or do = \"request\""},
      {creating + "body = \"\"\n", "task[1].body: must not be empty"},
      {creating + "body = \"{n}\"\n", "task[1].body: unknown placeholder {n} (known: id, uuid, "},
      {creating + "body = \"{m}\"\nparams.n = { uniform = [1, 2] }\n",
       "unknown placeholder {m} (known: id, n, uuid, "},
      {params + "n = 5\n", "test.toml:6: task[1].params.n: must be a table, as { uniform = [1, 100] }"},
      {params + "id = { list = [1] }\n", "task[1].params.id: {id} is the row's own key: call it otherwise"},
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
      {sql, "task[1].sql: is missing"},
      {sql + "sql = \"SELECT 'x\"\n", "test.toml:4: task[1].sql: "},
      {sql + "sql = \"SELECT 1; SELECT 2\"\n", "task[1].sql: "},
      {sql + "sql = []\n", "task[1].sql: must not be empty"},
      {sql + "sql = [\"SELECT 1\", 2]\n", "task[1].sql: must be a statement, or an array of them"},
      {sql + "sql = [\"SELECT 1\", \"SELECT 'x\"]\n", "task[1].sql: statement 2: "},
      {sql + "sql = [\"SELECT 1\", \"SELECT :n\"]\n", "task[1].params: lacks n, of :n in its sql"},
      {sql + "sql = [\"SELECT 1\", \"DELETE FROM t\"]\nwrite = false\n",
       "task[1].write: its sql has words that write"},
      {sql + "sql = \"SELECT :n\"\n", "task[1].params: lacks n, of :n in its sql"},
      {sql + "sql = \"SELECT 1\"\nparams.n = { list = [1] }\n",
       "task[1].params: has n, and there is no :n in its sql"},
      {sql + "sql = \"SELECT 1\"\nresource = \"x\"\n", "task[1].resource: does not go with do = \"sql\""},
      {sql + "sql = \"DELETE FROM t\"\nwrite = false\n", "task[1].write: its sql has words that write"},
      {sql + "sql = \"SELECT 1\"\nwrite = 1\n", "task[1].write: must be true or false"},
      {task + "sql = \"SELECT 1\"\n", "task[1].sql: only goes with do = \"sql\""},
      {task + "query = \"x\"\n", "task[1].query: only goes with do = \"query\""},
      {"\n[[task]]\ndo = \"query\"\n", "task[1].query: is missing"},
  }));
  CAPTURE(toml);
  const auto scenario = parse_scenario(toml, "test.toml");
  REQUIRE(scenario.has_error());
  CHECK_THAT(scenario.error().message, Catch::StartsWith("test.toml:"));
  CHECK_THAT(scenario.error().message, Catch::Contains(message));
  CHECK(scenario.error().message.find('\n') == std::string::npos);
}

TEST_CASE("a statement only reads unless its words write, or the task says so") {
  const auto [sql, writes] = GENERATE(table<std::string, bool>({
      {"\"SELECT * FROM t\"", false},
      {"\"  select(1)\"", false},
      {"\"WITH a AS (SELECT 1) TABLE a\"", false},
      {"\"VALUES (1)\"", false},
      {"\"SELECT 'insert' AS x\"", false},
      {"\"WITH a AS (DELETE FROM t RETURNING 1) SELECT * FROM a\"", true},
      {"\"SELECT 1 INTO t\"", true},
      {"\"INSERT INTO t VALUES (1)\"", true},
      {"\"CALL p()\"", true},
      {"\"SELECT f()\"\nwrite = true", true},
  }));
  CAPTURE(sql);
  const auto scenario = parse_scenario("[[task]]\ndo = \"sql\"\nsql = " + sql + "\n", "test.toml").value();
  CHECK(scenario.writes() == writes);
  CHECK(scenario.why_database() == "task 'sql' is SQL");
  CHECK_FALSE(scenario.needs_http());
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
