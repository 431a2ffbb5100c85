// `troupe sweep` as people use it: what it says, what it writes, and that nothing else is left.
#include <catch2/catch.hpp>
#include <chrono>
#include <set>

#include "helpers/sweep_process.hpp"

using namespace troupe::tests;
namespace fs = std::filesystem;
using Catch::Contains;

namespace {

const std::vector<std::string> quick{"--stand-in-database", "instant", "--duration", "60ms",
                                     "--warm-up",           "0s",      "--repeats",  "1"};

std::set<std::string> files_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename());
  return names;
}

Finished report(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "report");
  return run_troupe({.arguments = std::move(arguments)});
}

std::set<std::string> values_of(const std::vector<CsvRow>& rows, const std::string& column) {
  std::set<std::string> values;
  for (const auto& row : rows) values.insert(row.at(column));
  return values;
}

}  // namespace

TEST_CASE(
    "a sweep on its own PostgreSQL ends with a recommendation and five files, and report makes them again") {
  const TemporaryDirectory directory;
  const auto out = (directory.path() / "results").string();
  TroupeProcess process(
      sweep_launch({"--pool-size", "1,2", "--users", "4,16", "--transport", "direct,http", "--duration",
                    "150ms", "--warm-up", "50ms", "--repeats", "2", "--out", out}));
  const ClusterTraces traces(process.pid());
  const auto ran = process.finish(sweep_patience);
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.err.empty());
  CHECK(traces.gone());
  CHECK_THAT(ran.out, Contains("8 cells × 2 repeats") && Contains("16/16") && Contains("\nRun pool_size=") &&
                          Contains("What limits it: ") && Contains("How sure: "));
  CHECK(files_in(out) == std::set<std::string>{"records.msgpack", "results.csv", "summary.json",
                                               "environment.json", "report.html"});

  const auto rows = csv_rows(fs::path(out) / "results.csv");
  CHECK(rows.size() == 16);
  CHECK(count_different(rows, {"transport", "database.pool_size", "users", "round"}) == 16);
  for (const auto& row : rows) {
    CHECK(std::stod(row.at("rate_per_s")) > 0);
    CHECK(row.at("failed") == "0");
    CHECK(std::stod(row.at("sql_mean_us")) > 0);
  }
  const auto environment = json_of(fs::path(out) / "environment.json");
  CHECK(environment.at("database") == "embedded PostgreSQL");
  CHECK(environment.at("postgresql_settings").as_object().contains("max_connections"));

  const auto told = report({out});
  CHECK(told.code == 0);
  CHECK_THAT(ran.out, Contains(told.out));
  CHECK(report({out, "--json", "-"}).out == content_of(fs::path(out) / "summary.json"));
  const auto again = (directory.path() / "again").string();
  CHECK(report({out, "--html", again + ".html", "--csv", again}).code == 0);
  CHECK((content_of(again + ".html") == content_of(fs::path(out) / "report.html")));
  CHECK(content_of(again + "_results.csv") == content_of(fs::path(out) / "results.csv"));
}

TEST_CASE("--dry-run shows the cells, starts nothing and makes no directory") {
  const TemporaryDirectory directory;
  const auto out = (directory.path() / "results").string();
  // A database that nobody could reach: it is not even asked.
  const auto ran =
      run_sweep({"--dry-run", "--pool-size", "1,2,8", "--users", "4,16", "--constraint", "pool_size < users",
                 "--database-url", "postgresql://127.0.0.1:1/x", "--out", out});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("5 cells × 3 repeats, about ") &&
                          Contains("(1 cells left out by constraints)") &&
                          Contains("\nmixed over direct, pool_size=8, 16 users\n"));
  CHECK(count_lines(ran.out) == 6);
  CHECK_FALSE(fs::exists(out));
}

TEST_CASE("--quiet leaves nothing but the answer") {
  const TemporaryDirectory directory;
  const auto out = (directory.path() / "results").string();
  const auto ran = run_sweep(quick + std::vector<std::string>{"--users", "1,2", "--quiet", "--out", out});
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  CHECK(ran.out.starts_with("\nmixed over direct\n"));
  CHECK_THAT(ran.out, !Contains("cells ×") && !Contains("1/2"));
  CHECK_THAT(ran.out, Contains("Everything is in " + out));
}

TEST_CASE("a sweep file says it all, and flags beat it") {
  const TemporaryDirectory directory;
  const auto file = (directory.path() / "sweep.toml").string();
  write_content(file, R"(duration = "50ms"
warm_up = "0s"
repeats = 2
seed = 7
constraints = ["pool_size <= users"]
[axes]
users = [1, 2]
database.pool_size = [1, 2]
database.batching = ["coalesce", "off"]
)");
  const auto out = directory.path() / "results";
  const auto flags = GENERATE(values<std::vector<std::string>>(
      {{}, {"--batching", "pipeline", "--repeats", "1", "--constraint", "users > 1"}}));
  const auto ran = run_sweep(
      std::vector<std::string>{file, "--stand-in-database", "instant", "--out", out.string()} + flags);
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const auto rows = csv_rows(out / "results.csv");
  CHECK(rows.size() == (flags.empty() ? 12 : 2));
  using Texts = std::set<std::string>;
  CHECK(values_of(rows, "database.batching") ==
        (flags.empty() ? Texts{"coalesce", "off"} : Texts{"pipeline"}));
  CHECK(values_of(rows, "users") == (flags.empty() ? Texts{"1", "2"} : Texts{"2"}));
  CHECK(values_of(rows, "seed") == (flags.empty() ? Texts{"7", "8"} : Texts{"7"}));
}

TEST_CASE("the named models run side by side, each as its file says, over messages and over sockets") {
  const TemporaryDirectory directory;
  const auto out = directory.path() / "results";
  const auto ran =
      run_sweep({"--model", "event-loop,threads,prefork,actors", "--transport", "direct,http", "--users", "8",
                 "--duration", "100ms", "--warm-up", "0s", "--repeats", "1", "--out", out.string()});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  const auto rows = csv_rows(out / "results.csv");
  CHECK(rows.size() == 8);
  const std::map<std::string, std::string> connections{
      {"event-loop", "10"}, {"threads", "16"}, {"prefork", "5"}};
  for (const auto& row : rows) {
    CAPTURE(row.at("model"), row.at("transport"));
    CHECK(std::stoull(row.at("requests")) > 0);
    CHECK(row.at("failed") == "0");
    if (row.at("model") != "actors") CHECK(row.at("connections") == connections.at(row.at("model")));
  }
  CHECK_THAT(ran.out, Contains("Run "));
}

TEST_CASE("arrival rates are kept, and an overload does not look as if it had been answered in time") {
  const TemporaryDirectory directory;
  const auto out = directory.path() / "results";
  // One command at a time, 5 ms each: 200/s and no more.
  const auto ran = run_sweep({"--stand-in-database", "serial:5ms", "--arrival-rate", "50,400", "--duration",
                              "600ms", "--warm-up", "0s", "--repeats", "3", "--out", out.string()});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  for (const auto& row : csv_rows(out / "results.csv")) {
    const double rate = std::stod(row.at("rate_per_s"));
    CHECK(row.at("users") == "0");
    // 120 fit into the time, and what drains afterwards is not counted; three more for the clock's sake.
    CHECK(rate <= 205);
    if (row.at("arrival_rate_per_s") == "50") CHECK(std::stoull(row.at("requests")) < 90);
    if (row.at("arrival_rate_per_s") == "400") {
      CHECK(std::stoull(row.at("requests")) > 90);
      CHECK(std::stod(row.at("offered_per_s")) > 300);
    }
  }
  const auto summary = json_of(out / "summary.json");
  CHECK(summary.at("recommendations").at(0).at("load").at("arrival_rate_per_s").to_number<double>() == 50);
}

TEST_CASE("a budget is filled and kept: coarse cells, finer ones near the knee, more rounds") {
  const TemporaryDirectory directory;
  const auto out = directory.path() / "results";
  const auto begin = std::chrono::steady_clock::now();
  const auto ran =
      run_sweep({"--stand-in-database", "serial:1ms", "--users", "1,2,4,8,16,32,64", "--duration", "100ms",
                 "--warm-up", "0s", "--repeats", "2", "--budget", "4s", "--out", out.string()});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK(took.count() > 3);   // a repeat takes 0.1 to 0.3 s: less than one is left of the four seconds
  CHECK(took.count() < 20);  // one that has begun is finished, and then the outputs are written
  const auto rows = csv_rows(out / "results.csv");
  CHECK(values_of(rows, "users").size() >= 4);           // 1, 4, 16 and 64 come first
  CHECK(rows.size() > values_of(rows, "users").size());  // and there was time for more than one of each
  std::set<std::string> first;  // a repeat that others disturbed is run again at once
  for (std::size_t i = 0; first.size() < 4; ++i) first.insert(rows.at(i).at("users"));
  CHECK(first == std::set<std::string>{"1", "4", "16", "64"});
}
