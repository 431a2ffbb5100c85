// `troupe simulate` and `troupe report` as people run them.
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "helpers/server_process.hpp"
#include "sim/result/results.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;

namespace {

Finished simulate(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "simulate");
  return run_troupe({.arguments = std::move(arguments)});
}

std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t files_in(const std::filesystem::path& directory) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory), {}));
}

using Catch::Contains;

}  // namespace

TEST_CASE("shop runs against our own server without a failure, over messages and over sockets",
          "[simulate]") {
  const std::string transport = GENERATE("direct", "http");
  const auto ran =
      simulate({"-u", "200", "-t", "3s", "--transport", transport, "--json", "-", "--seed", "1"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();  // standard output holds nothing but the result
  CHECK(result.total.failed == 0);
  CHECK(result.total.requests == Approx(300).margin(100));
  CHECK(result.run.transport == transport);
  CHECK(result.run.scenario == "shop");
  CHECK(result.run.seed == 1);
  CHECK(result.run.command == "troupe simulate -u 200 -t 3s --transport " + transport + " --json - --seed 1");
  CHECK(result.run.settings.at("workers.scheduler") == "worker");
  CHECK(result.waterfall.size() == (transport == "http" ? 5 : 3));
  CHECK(result.verdict.worker_cpu.size() > 0);
  CHECK_THAT(ran.err, Contains("   1 s  200 users") && Contains("Little's law") && Contains("sql"));
}

TEST_CASE("the crud cycle reports 2,000 of 2,000", "[simulate]") {
  const std::string transport = GENERATE("direct", "http");
  const auto ran =
      simulate({"--scenario", "crud", "--items", "500", "--concurrency", "20", "--transport", transport});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("2000/2000 requests succeeded"));
}

TEST_CASE("users work on a server outside", "[simulate]") {
  ServerProcess server;
  const auto url = "http://127.0.0.1:" + std::to_string(server.port());
  const auto scenario = GENERATE("mixed", "read", "write");
  const auto ran =
      simulate({"-u", "8", "-t", "1s", "-H", url, "--scenario", scenario, "--json", "-", "--quiet"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();
  CHECK(ran.err.empty() == (result.verdict.saturated == false));  // which is told even when all else is quiet
  CHECK(result.run.target == url);
  CHECK(result.total.failed == 0);
  CHECK(result.total.requests > 100);
  CHECK(result.waterfall.size() == 3);  // connect, wait, transfer
  CHECK(result.waterfall.front().requests <= 8);
  CHECK(result.total.content_bytes > 0);
}

TEST_CASE("every output is written, and report makes the same ones from the result again", "[simulate]") {
  const TemporaryDirectory directory;
  const auto at = [&](const char* name) { return (directory.path() / name).string(); };
  const auto ran = simulate({"--stand-in-database", "-u", "4", "-t", "1s", "--scenario", "mixed", "--json",
                             at("a.json"), "--msgpack", at("a.msgpack"), "--csv", at("a"), "--hgrm",
                             at("a.hgrm"), "--html", at("a.html"), "--headless"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(files_in(directory.path()) == 7);
  const auto source = GENERATE("a.json", "a.msgpack");
  const auto again =
      run_troupe({.arguments = {"report", at(source), "--json", at("b.json"), "--msgpack", at("b.msgpack"),
                                "--csv", at("b"), "--hgrm", at("b.hgrm"), "--html", at("b.html")}});
  REQUIRE(again.code == 0);
  for (const auto* name :
       {".json", ".msgpack", "_stats.csv", "_stats_history.csv", "_failures.csv", ".hgrm", ".html"}) {
    INFO(name);
    const auto text = contents(directory.path() / ("a" + std::string(name)));
    const auto second = contents(directory.path() / ("b" + std::string(name)));
    CHECK(!text.empty());
    // Boost.JSON 1.81 reads a decimal number with an error in its last place; MessagePack carries its bits.
    if (source == std::string("a.msgpack")) CHECK((text == second));
    CHECK(second.size() == Approx(static_cast<double>(text.size())).epsilon(0.02));
  }
  const auto table = run_troupe({.arguments = {"report", at(source)}});
  CHECK(table.code == 0);
  CHECK_THAT(ran.out, Catch::EndsWith(table.out));
}

TEST_CASE("a stand-in database takes the time it is told to take, on each of its connections", "[simulate]") {
  const auto ran = simulate({"--stand-in-database=fixed:50ms", "--pool-size", "2", "-u", "8", "-t", "2s",
                             "--scenario", "mixed", "--json", "-", "--quiet"});
  CHECK(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();
  CHECK(result.total.failed == 0);
  CHECK(result.total.requests == Approx(80).margin(10));  // two at a time; the last ones end after the time
  CHECK(result.total.good.service.min >= std::chrono::milliseconds(50));
}

TEST_CASE("exit codes tell thresholds and interrupts apart", "[simulate]") {
  const std::vector<std::string> load{"--stand-in-database", "-u",    "4",      "-t", "1s",
                                      "--scenario",          "mixed", "--quiet"};
  const auto with = [&](std::vector<std::string> more) {
    auto all = load;
    all.insert(all.end(), more.begin(), more.end());
    return simulate(all).code;
  };
  CHECK(with({"--fail-if", "p99 > 10s", "--fail-if", "error_rate > 0.1%"}) == 0);
  CHECK(with({"--fail-if", "p99 > 10s", "--fail-if", "get.p50 > 0us"}) == 4);
  CHECK(with({"--fail-if", "rate > 1", "--abort-on-fail", "-t", "60s"}) == 4);
}

TEST_CASE("Ctrl-C ends a run early and still writes every output", "[simulate]") {
  const TemporaryDirectory directory;
  const auto json = (directory.path() / "result.json").string();
  TroupeProcess process(
      {.arguments = {"simulate", "--stand-in-database", "-u", "4", "-t", "60s", "--json", json}});
  REQUIRE(eventually([&] { return process.out().find(" 2 s ") != std::string::npos; }));
  process.signal(SIGINT);
  const auto ran = process.finish();
  CHECK(ran.code == 130);
  CHECK_THAT(ran.out, Contains("The run was interrupted."));
  const auto result = sim::read_json(contents(json)).value();
  CHECK(result.run.interrupted);
  CHECK(result.total.requests > 0);
}

TEST_CASE("a mistake is one line that names it, nothing is started and nothing half-written", "[simulate]") {
  struct Row {
    std::vector<std::string> arguments;
    int code;
    std::string line;
  };
  const auto row = GENERATE(values<Row>({
      {{"-u", "0"}, 2, "--users must be a whole number from 1 to 1000000, not '0'"},
      {{"--scenario", "shpo"},
       2,
       "unknown scenario 'shpo' (available: crud, mixed, read, shop, write; or give the path of a .toml "
       "file)"},
      {{"-t", "5x"},
       2,
       "--duration must be a duration above 0 and a week at most, as in 30s or 1m30s, not '5x'"},
      {{"--transport", "udp"}, 2, "--transport must be direct or http, not 'udp'"},
      {{"--target", "http://127.0.0.1:1"},
       3,
       "cannot reach the target http://127.0.0.1:1: Connection refused"},
      {{"--target", "http://127.0.0.1:1", "--transport", "direct"},
       2,
       "--target and --transport direct contradict each other: an outside server is reached over http only"},
      {{"--target", "http://127.0.0.1:1", "--pool-size", "3"},
       2,
       "--target and the setting database.pool_size contradict each other: it is for a server of our own"},
      {{"--stand-in-database", "--data-dir", "/tmp/x"},
       2,
       "--stand-in-database and the setting database.data_dir contradict each other"},
      {{"--stand-in-database=fast"},
       2,
       "--stand-in-database: 'fast' is no stand-in database: unknown kind (write instant, fixed:5ms, "
       "exponential:5ms or serial:5ms)"},
      {{"--json", "/nowhere/x.json"},
       2,
       "cannot write /nowhere/x.json: No such file or directory (choose another path)"},
      {{"--csv", "/nowhere/x"},
       2,
       "cannot write /nowhere/x_stats.csv: No such file or directory (choose another path)"},
      {{"--json", "-", "--html", "-"}, 2, "only one output can go to standard output"},
      {{"--fail-if", "nothing.p99 > 5ms"}, 2, ""},
      {{"--abort-on-fail"}, 2, "--abort-on-fail needs a --fail-if"},
      {{"--usrs", "5"}, 2, "unknown flag --usrs; did you mean --users?"},
  }));
  const auto ran = simulate(row.arguments);
  CHECK(ran.code == row.code);
  CHECK(ran.out.empty());
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  if (!row.line.empty()) CHECK(ran.err == "troupe: " + row.line + "\n");
}

TEST_CASE("a full disk for one output fails the run's end in one line and leaves the others", "[simulate]") {
  const TemporaryDirectory directory;
  const auto json = (directory.path() / "result.json").string();
  const auto ran = simulate(
      {"--stand-in-database", "-u", "4", "-t", "1s", "--quiet", "--hgrm", "/dev/full", "--json", json});
  CHECK(ran.code == 2);
  // A slow machine may have the run say that the generator was its limit, before it.
  CHECK(ran.err.ends_with("troupe: cannot write /dev/full: No space left on device\n"));
  CHECK(sim::read_json(contents(json)).has_value());
}

TEST_CASE("report refuses what is no result", "[simulate]") {
  const TemporaryDirectory directory;
  const auto file = (directory.path() / "x").string();
  std::ofstream(file) << "{}";
  CHECK(run_troupe({.arguments = {"report", file}}).err ==
        "troupe: " + file + ": not a result file of troupe: its schema is not 'troupe.run'\n");
  CHECK(run_troupe({.arguments = {"report", "/nowhere"}}).code == 2);
  CHECK(run_troupe({.arguments = {"report"}}).code == 2);
}

TEST_CASE("100,000 thinking users take less than 400 MiB", "[simulate]") {
  // However long they take to start: it is ended once they have.
  TroupeProcess process({.arguments = {"simulate", "--stand-in-database", "-u", "100000", "-t", "5m"}});
  REQUIRE(eventually([&] { return process.out().find("s  100000 users") != std::string::npos; }));
  std::ifstream status("/proc/" + std::to_string(process.pid()) + "/status");
  [[maybe_unused]] long resident_kib = 0;  // a sanitizer's shadow memory would be counted, too
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) resident_kib = std::stol(line.substr(6));
  }
  process.signal(SIGINT);
  CHECK(process.finish().code == 130);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(resident_kib > 0);
  CHECK(resident_kib < 400 * 1024);
#endif
}
