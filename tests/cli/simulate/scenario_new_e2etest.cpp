// `troupe scenario new`, and what it writes under `troupe simulate --check`.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/server_process.hpp"

using namespace troupe;
using namespace troupe::tests;
using Catch::Contains;

namespace {

Finished scenario_new(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"scenario", "new"});
  return run_troupe({.arguments = std::move(arguments)});
}

const std::string small_document =
    R"({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {}}}})";

}  // namespace

TEST_CASE("a server's own document becomes a scenario that its server answers without a fault", "[e2e]") {
  ServerProcess server;
  const Folder folder("scenario_new");
  const auto file = (folder / "own.toml").string();
  const auto url = "http://127.0.0.1:" + std::to_string(server.port());
  const auto written = scenario_new({"--from-openapi", url + "/openapi.json?x=1", "--output", file});
  CHECK(written.err.empty());
  REQUIRE(written.code == 0);
  CHECK_THAT(content_of(file), Contains("[[user.start]]") && Contains("path = \"/items/{item_id}\""));
  const auto checked =
      run_troupe({.arguments = {"simulate", "--scenario", file, "--target", url, "--check"}});
  INFO(checked.out << checked.err);
  CHECK(checked.code == 0);
  CHECK_THAT(checked.out,
             Contains("start: POST /items/\n> POST /items/ HTTP/1.1") && Contains(", 0 faults\n"));
  const auto missing = scenario_new({"--from-openapi", url + "/nothing.json"});
  CHECK(missing.code == 3);
  CHECK_THAT(missing.err, Contains("GET " + url + "/nothing.json answered 404\n"));
}

TEST_CASE("a scenario goes to standard output, and never over a file without --force", "[e2e]") {
  const Folder folder("scenario_new");
  const auto document = (folder / "doc.json").string(), file = (folder / "s.toml").string();
  write_content(document, small_document);
  const auto printed = scenario_new({"--from-openapi", document});
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("path = \"/a\"\n"));
  write_content(file, "mine");
  const auto refused = scenario_new({"--from-openapi", document, "--output", file});
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err,
             Contains("--output: " + file + " is there already: name another file, or give --force\n"));
  CHECK(content_of(file) == "mine");
  CHECK(scenario_new({"--from-openapi", document, "--output", file, "--force"}).code == 0);
  CHECK(content_of(file) == printed.out);
}

TEST_CASE("mistakes with scenario new are told in one line with what would help", "[e2e]") {
  const Folder folder("scenario_new");
  const auto yaml = (folder / "doc.yaml").string();
  write_content(yaml, "openapi: 3.1.0\npaths: {}\n");
  const auto [arguments, code, fault] = GENERATE_COPY(table<std::vector<std::string>, int, std::string>({
      {{"scenario"}, 2, "troupe scenario has one command, new"},
      {{"scenario", "list"}, 2, "troupe scenarios lists those that are there"},
      {{"scenario", "new"}, 2, "scenario new needs either --from-openapi URL|FILE or --from-har FILE"},
      {{"scenario", "new", "--from-openapi", yaml, "--from-har", yaml}, 2, "needs either"},
      {{"scenario", "new", "--from-openapi", yaml}, 2, "doc.yaml is YAML, and only JSON is read"},
      {{"scenario", "new", "--from-har", yaml}, 2, "doc.yaml is YAML, and only JSON is read"},
      {{"scenario", "new", "--from-har", "/nothing.har"}, 2, "cannot read /nothing.har"},
      {{"scenario", "new", "--from-openapi", "http://127.0.0.1:1/"},
       3,
       "cannot reach http://127.0.0.1:1: Connection refused"},
      {{"scenario", "new", "--from-openapi", "http://u:p@127.0.0.1:1/"}, 2, "must not hold a user"},
      {{"scenario", "new", "--from-openapi", "http://"},
       2,
       "--from-openapi 'http://' is no URL to ask: write http://HOST:PORT/PATH"},
  }));
  const auto ran = run_troupe({.arguments = arguments});
  CHECK(ran.code == code);
  CHECK_THAT(ran.err, Contains(fault));
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  CHECK(ran.out.empty());
}

TEST_CASE("the help of scenario new tells its flags and shows examples", "[e2e]") {
  for (const auto& arguments :
       {std::vector<std::string>{"scenario", "new", "--help"}, {"scenario", "--help"}}) {
    const auto ran = run_troupe({.arguments = arguments});
    CHECK(ran.code == 0);
    CHECK_THAT(ran.out,
               Contains("--from-openapi URL|FILE") && Contains("--from-har FILE") && Contains("--check"));
  }
}
