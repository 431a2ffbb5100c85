// `troupe simulate --transport direct` with requests of a scenario's own: our routes, without a socket.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/server_process.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;
using Catch::Contains;

namespace {

/// An item that setup makes and teardown removes, asked for in every way, beside tasks that can be messages.
const std::string mixed_ways = R"([[setup.step]]
name = "make"
method = "POST"
path = "/items/"
json = { name = "made", price = 3 }
status = [201]
extract = { made = "/id" }
[[task]]
do = "list"
[[task]]
do = "create"
[[task]]
name = "look"
method = "GET"
path = "/items/{id}"
status = [200, 404]
[[task]]
name = "made"
method = "GET"
path = "/items/{made}"
headers = { Accept = "application/json" }
checks = { header = { Content-Type = "application/json" }, json = { "/name" = "made" } }
[[task]]
name = "refused"
method = "POST"
path = "/items/"
json = { description = "of nothing" }
status = [422]
[[teardown.step]]
name = "remove"
method = "DELETE"
path = "/items/{made}"
)";

Finished simulate_mine(const std::string& toml, std::vector<std::string> more) {
  const Folder folder("simulate_direct");
  write_content(folder / "mine.toml", toml);
  more.insert(more.begin(), {"simulate", "--scenario", (folder / "mine.toml").string()});
  return run_troupe({.arguments = std::move(more)});
}

}  // namespace

TEST_CASE("requests beside messages are answered over direct as over http", "[simulate]") {
  const std::string transport = GENERATE("direct", "http");
  const auto ran = simulate_mine(
      mixed_ways, {"-u", "8", "-t", "2s", "--transport", transport, "--json", "-", "--quiet", "--seed", "1"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();
  for (const auto& failure : result.failures) CHECK(failure.message == "");
  CHECK(result.total.failed == 0);
  CHECK(result.run.transport == transport);
  REQUIRE(result.tasks.size() == 5);
  for (const auto& task : result.tasks) {
    CAPTURE(task.name);
    CHECK(task.requests > 0);
    const bool message = transport == "direct" && (task.name == "list" || task.name == "create");
    CHECK((task.content_bytes == 0) == message);
  }
  REQUIRE(result.statuses.has_value());
  for (const auto* status : {"200", "201", "422"}) CHECK(result.statuses->contains(status));
  CHECK(result.waterfall.size() == 5);  // from parse to serialize
}

TEST_CASE("a scenario with requests goes over http unless direct is asked for", "[simulate]") {
  const auto ran = simulate_mine(mixed_ways, {"-u", "2", "-t", "300ms", "--json", "-", "--quiet"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(sim::read_json(ran.out).value().run.transport == "http");
}

TEST_CASE("a check over direct prints what went through our routes", "[simulate]") {
  const auto ran = simulate_mine(mixed_ways, {"--check", "--transport", "direct"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("\nmake\n> POST /items/ HTTP/1.1\n") && Contains("\n< 201\n") &&
                          Contains("\n< Location: /items/") && Contains("\nrefused\n") &&
                          Contains("\n< 422\n") && Contains(" 0 faults\n"));
}

TEST_CASE("a failing request over direct is shown with its answer", "[simulate]") {
  const auto ran = simulate_mine(
      "[[task]]\nname = \"lost\"\nmethod = \"GET\"\npath = \"/nothing\"\n",
      {"-u", "2", "-t", "300ms", "--transport", "direct", "--json", "-", "--quiet", "--stand-in-database"});
  INFO(ran.err);
  CHECK(ran.code == 3);
  const auto result = sim::read_json(ran.out).value();
  CHECK(result.total.failed == result.total.requests);
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures.front().message == "404");
  REQUIRE(result.failures.front().sample.has_value());
  const auto& sample = *result.failures.front().sample;
  CHECK_THAT(sample.request_head, Catch::StartsWith("GET /nothing HTTP/1.1"));
  CHECK(sample.status == 404);
  CHECK_THAT(sample.answer_head, Contains("application/problem+json"));
}
