// A sweep that is ended early, by Ctrl-C or by a crash, and goes on later.
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <set>

#include "helpers/sweep_process.hpp"

using namespace troupe::tests;
namespace fs = std::filesystem;
using Catch::Contains;

namespace {

constexpr std::size_t all_repeats = 16;
const std::vector<std::string> plan{"--pool-size", "1,2",       "--users", "2,8",       "--duration",
                                    "150ms",       "--warm-up", "20ms",    "--repeats", "4"};

bool is_under_way(const TroupeProcess& process) {
  return process.out().find("\n3/16  ") != std::string::npos;
}

/// Goes on with it, and checks that every repeat is there exactly once.
void finish_and_check(const std::string& out) {
  TroupeProcess process(sweep_launch({"--resume", out}));
  const ClusterTraces traces(process.pid());
  const auto ran = process.finish(sweep_patience);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(traces.gone());
  CHECK_THAT(ran.out, Contains("\nRun pool_size="));
  CHECK_THAT(ran.out, !Contains("\n1/16  ") && Contains("\n16/16  "));
  const auto rows = csv_rows(fs::path(out) / "results.csv");
  CHECK(rows.size() == all_repeats);
  CHECK(count_different(rows, {"database.pool_size", "users", "round"}) == all_repeats);
  CHECK(count_different(rows, {"sequence"}) == all_repeats);
}

}  // namespace

TEST_CASE("Ctrl-C writes what was measured and says how to go on, which then completes the sweep") {
  const TemporaryDirectory directory;
  const auto out = (directory.path() / "results").string();
  TroupeProcess process(sweep_launch(plan + std::vector<std::string>{"--out", out}));
  const ClusterTraces traces(process.pid());
  wait_until("the third repeat", [&] { return is_under_way(process); });
  kill(-process.pid(), SIGINT);  // as a terminal does it: PostgreSQL gets it, too
  const auto ran = process.finish(sweep_patience);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 130);
  CHECK(ran.err == "troupe: ended early; troupe sweep --resume " + out + " goes on\n");
  CHECK_THAT(ran.out, Contains("\nRun pool_size=") || Contains("No configuration"));
  CHECK(traces.gone());
  const auto rows = csv_rows(fs::path(out) / "results.csv");
  CHECK(rows.size() >= 3);
  CHECK(rows.size() < all_repeats);
  CHECK(fs::exists(fs::path(out) / "report.html"));
  CHECK(json_of(fs::path(out) / "summary.json").at("cells").as_array().size() > 0);
  finish_and_check(out);
}

TEST_CASE("kill -9 loses the running repeat at most, and PostgreSQL ends, too") {
  const TemporaryDirectory directory;
  const auto out = (directory.path() / "results").string();
  TroupeProcess process(sweep_launch(plan + std::vector<std::string>{"--out", out}));
  const ClusterTraces traces(process.pid());
  wait_until("the third repeat", [&] { return is_under_way(process); });
  process.signal(SIGKILL);
  CHECK(process.finish().code == -SIGKILL);
  CHECK(eventually([&] { return !is_alive(traces.postmaster); }));
  CHECK_FALSE(fs::exists(fs::path(out) / "results.csv"));
  finish_and_check(out);
  CHECK(traces.gone());  // the next start has removed the directories of the one that was killed
}

TEST_CASE("a sweep ended while PostgreSQL starts leaves nothing, or what can go on") {
  const TemporaryDirectory directory;
  const auto out = (directory.path() / "results").string();
  TroupeProcess process(sweep_launch(plan + std::vector<std::string>{"--out", out}));
  wait_until("the plan", [&] { return process.out().find("cells") != std::string::npos; });
  process.signal(SIGTERM);
  const auto ran = process.finish(sweep_patience);
  CHECK(ran.code == 130);
  const auto line = fs::exists(out) ? "ended early; troupe sweep --resume " + out + " goes on"
                                    : std::string("ended before anything was measured");
  CHECK(ran.err == "troupe: " + line + "\n");
}

TEST_CASE("a sweep that is complete is told again by --resume") {
  const TemporaryDirectory directory;
  const auto out = (directory.path() / "results").string();
  const auto first = run_sweep({"--stand-in-database", "instant", "--users", "1,2", "--duration", "50ms",
                                "--warm-up", "0s", "--repeats", "1", "--out", out});
  REQUIRE(first.code == 0);
  const auto records = content_of(fs::path(out) / "records.msgpack");
  const auto again = run_sweep({"--resume", out, "--quiet"});
  CHECK(again.code == 0);
  CHECK_THAT(first.out, Catch::EndsWith(again.out));
  CHECK(content_of(fs::path(out) / "records.msgpack") == records);
}

TEST_CASE("a sweep does not go on with a scenario that is another one now, whatever its name") {
  const TemporaryDirectory directory;
  const auto out = (directory.path() / "results").string();
  const auto scenario = (directory.path() / "mine.toml").string();
  std::ofstream(scenario) << "[[task]]\ndo = \"list\"\n";
  const auto begun = TroupeProcess(sweep_launch({"--stand-in-database", "fixed:1ms", "--pool-size", "1,2",
                                                 "--scenario", scenario, "--users", "2", "--duration", "50ms",
                                                 "--warm-up", "0s", "--repeats", "1", "--out", out}))
                         .finish(sweep_patience);
  REQUIRE(begun.code == 0);
  std::ofstream(scenario) << "[[task]]\ndo = \"list\"\nweight = 2\n";
  const auto ran = TroupeProcess(sweep_launch({"--resume", out})).finish(sweep_patience);
  CHECK(ran.code == 2);
  CHECK_THAT(ran.err, Contains("scenario mine is another one"));
}
