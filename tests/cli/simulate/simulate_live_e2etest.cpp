// What `troupe simulate` tells while it runs, and what ends it early.
#include <sys/stat.h>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <sstream>

#include "helpers/http_client.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sweep_process.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;
using Catch::Contains;
using Arguments = std::vector<std::string>;

namespace {

Finished simulate(Arguments arguments) {
  arguments.insert(arguments.begin(), {"simulate", "--stand-in-database=fixed:1ms", "--scenario", "read"});
  return run_troupe({.arguments = std::move(arguments)});
}

}  // namespace

TEST_CASE("--stop-after begins so many requests, all are answered, and the summary tells of them") {
  const std::string transport = GENERATE("direct", "http");
  const TemporaryDirectory directory;
  const auto file = (directory.path() / "run.json").string();
  const auto ran = simulate({"-u", "4", "--transport", transport, "--stop-after", "2000", "--json", file});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  const auto result = sim::read_json(content_of(file)).value();
  CHECK(result.total.requests == 2000);
  CHECK(result.total.good.response.count == 2000);
  CHECK(result.total.unfinished + result.total.drained == 0);
  CHECK_FALSE(result.run.interrupted);
  REQUIRE(result.statuses);
  CHECK(result.statuses->at("200") == result.total.requests);
  CHECK_THAT(ran.out, Contains("\nStatus codes: 200 × ") && Contains("\nResponse times of good answers\n") &&
                          Contains("■"));
  // Messages have no bodies.
  CHECK((ran.out.find("\nBodies: ") != std::string::npos) == (transport == "http"));
}

TEST_CASE("--log gets a line a second") {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "log.jsonl";
  const auto ran = simulate({"-u", "2", "-t", "2s", "--warm-up", "0s", "--quiet", "--log", file.string()});
  CHECK(ran.code == 0);
  std::istringstream lines(content_of(file));
  std::uint64_t seconds = 0, requests = 0;
  for (std::string line; std::getline(lines, line); ++seconds) {
    const auto point = boost::json::parse(line);
    CHECK(point.at("second") == seconds);
    requests += point.at("requests").to_number<std::uint64_t>();
    CHECK(point.at("requests_so_far") == requests);
  }
  CHECK(seconds == 2);
  CHECK(requests > 0);
}

TEST_CASE("--log - writes to standard output, and everything for people to the other one") {
  const auto ran = simulate({"-u", "2", "-t", "1s", "--warm-up", "0s", "--log", "-"});
  CHECK(ran.code == 0);
  CHECK(boost::json::parse(ran.out).at("second") == 0);
  CHECK_THAT(ran.err, Contains("Response times"));
}

TEST_CASE("no output overwrites what the run reads, another output or a file that is no log") {
  const TemporaryDirectory directory;
  const auto in = [&](const std::string& name) { return (directory.path() / name).string(); };
  const auto scenario = in("mine.toml"), data = in("users.csv"), other = in("other");
  const std::string text = "existing_items = 10\ndata = \"users.csv\"\n[[task]]\ndo = \"get\"\n";
  write_content(scenario, text);
  write_content(data, "name\nann\n");
  write_content(other, "of somebody\n");
  std::filesystem::create_symlink(scenario, in("link"));
  // A loop: a generator's rows would name the directory of the first of them.
  const std::vector<std::pair<Arguments, std::string>> rows{
      {{"--log", scenario}, "--log would overwrite the scenario, " + scenario + ": choose another path"},
      {{"--json", in("link")}, "--json would overwrite the scenario, " + scenario + ": choose another path"},
      {{"--html", data}, "--html would overwrite the scenario's data, " + data + ": choose another path"},
      {{"--json", in("new"), "--log", in("new")},
       "--json and --log would write one file, " + in("new") + ": choose another path for one of them"},
      {{"--json", "-", "--log", "-"}, "only one output can go to standard output"},
      {{"--record", "-"}, "--record must be a file: standard output cannot be gone back to"},
      {{"--log", other},
       "cannot write " + other + ": it is there already, and is no log of a run (choose another path)"},
  };
  for (const auto& [flags, why] : rows) {
    const auto ran = simulate(Arguments{"-u", "1", "-t", "1s", "--scenario", scenario} + flags);
    CHECK(ran.code == 2);
    CHECK(ran.err == "troupe: " + why + "\n");
    CHECK(content_of(scenario) == text);
    CHECK(content_of(data) == "name\nann\n");
    CHECK(content_of(other) == "of somebody\n");
  }
}

TEST_CASE("a full disk ends the log and not the run, whose exit code tells of it") {
  const auto ran = simulate({"-u", "2", "-t", "1s", "--log", "/dev/full"});
  CHECK(ran.code == 2);
  CHECK_THAT(ran.err, Contains("the log ends here: cannot write /dev/full: No space left on device\n"));
  CHECK_THAT(ran.out, Contains("Aggregated"));
}

TEST_CASE("a pipe that nobody reads holds no run up") {
  const TemporaryDirectory directory;
  const auto pipe = (directory.path() / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const auto [flag, why] = GENERATE(table<std::string, std::string>(
      {{"--log", "nobody reads this pipe: begin its reader first"}, {"--json", "nobody reads this pipe"}}));
  const auto ran = simulate({"-u", "1", "-t", "1s", "--quiet", flag, pipe});
  CHECK(ran.code == 2);
  CHECK_THAT(ran.err, Contains("cannot write " + pipe + ": " + why));
}

TEST_CASE("/metrics is there while the run lasts") {
  TroupeProcess process({.arguments = {"simulate", "--stand-in-database=fixed:1ms", "--scenario", "read",
                                       "-u", "2", "-t", "60s", "--warm-up", "0s", "--metrics-port", "0"}});
  const std::string before = "metrics on http://127.0.0.1:";
  wait_until("the port", [&] { return process.out().find("/metrics\n") != std::string::npos; });
  const auto at = process.out().find(before);
  REQUIRE(at != std::string::npos);
  const auto port = static_cast<std::uint16_t>(std::stoi(process.out().substr(at + before.size())));
  CHECK(eventually([&] {
    return HttpClient(port).ask("GET", "/metrics").body.find("troupe_simulate_users 2\n") !=
           std::string::npos;
  }));
  process.signal(SIGINT);
  CHECK(process.finish().code == 130);
}

TEST_CASE("conditions on checks, and on what comes after some time, decide about the exit code") {
  const auto [condition, code] = GENERATE(table<std::string, int>({{"checks < 99%", 0},
                                                                   {"checks > 99%", 4},
                                                                   {"after 1s: p50 > 1us", 4},
                                                                   {"after 1s: p50 > 1h", 0},
                                                                   {"after 1s: rate < 1", 0}}));
  CAPTURE(condition);
  const auto ran = simulate({"-u", "2", "-t", "2s", "--warm-up", "0s", "--fail-if", condition});
  INFO(ran.out << ran.err);
  CHECK(ran.code == code);
  CHECK_THAT(ran.out, Contains("fail if " + condition));
}

TEST_CASE("--abort-on-fail waits for the time that a condition names") {
  const auto ran = simulate(
      {"-u", "2", "-t", "30s", "--fail-if", "after 1s: p50 > 1us", "--abort-on-fail", "--json", "-"});
  CHECK(ran.code == 4);
  const auto result = sim::read_json(ran.out).value();
  CHECK(result.run.elapsed.count() > 1);
  CHECK(result.run.elapsed.count() < 20);
}

TEST_CASE("a mistake about live outputs and early ends is one line") {
  struct Row {
    Arguments arguments;
    std::string line;
  };
  const auto row = GENERATE(values<Row>({
      {{"--stop-after", "0"}, "--stop-after must be a whole number from 1 to 1000000000000, not '0'"},
      {{"--metrics-port", "70000"}, "--metrics-port must be a port from 0 to 65535, not '70000'"},
      {{"--log", "/nowhere/log"}, "cannot write /nowhere/log: No such file or directory"},
      {{"-t", "10s", "--fail-if", "after 10s: p99 > 1ms"},
       "--fail-if 'after 10s: p99 > 1ms': the load is over by then: raise --duration"},
  }));
  const auto ran = simulate(row.arguments);
  CHECK(ran.code == 2);
  CHECK(ran.err == "troupe: " + row.line + "\n");
}
