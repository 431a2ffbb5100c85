// Sweeps of a service that is not ours: a small one in Python whose best pool size is known, and FastAPI.
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "helpers/fake_server.hpp"
#include "helpers/free_port.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"
#include "helpers/sweep_process.hpp"

using namespace troupe::tests;
namespace fs = std::filesystem;
using Catch::Contains;
using Arguments = std::vector<std::string>;

namespace {

/// The Python service, a scenario for it, and what a sweep of it is told.
class Bench {
 public:
  Bench() {
    write_content(scenario(),
                  "[[task]]\ndo = \"request\"\nname = \"work\"\nmethod = \"GET\"\npath = \"/work\"\n");
  }
  ~Bench() {
    const auto left_over = fs::exists(pid_file()) ? std::atoi(content_of(pid_file()).c_str()) : 0;
    if (left_over > 0) ::kill(left_over, SIGKILL);
  }

  std::string url(const std::string& path = "") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  fs::path out() const { return directory_.path() / "results"; }
  fs::path file(const std::string& name) const { return directory_.path() / name; }
  std::string scenario() const { return file("work.toml"); }
  fs::path pid_file() const { return file("pid"); }

  std::string start(const std::string& variables) const {
    return variables + " python3 " TROUPE_SOURCE_DIR "/tests/cli/sweep/pool_service.py " +
           std::to_string(port_) + " & echo $! >" + pid_file().string();
  }
  /// Waits for its end: who is still up would be measured in place of the next one.
  std::string stop() const {
    const auto pid = "$(cat " + pid_file().string() + ")";
    return "kill " + pid + "; for i in $(seq 100); do kill -0 " + pid +
           " 2>/dev/null || break; sleep 0.1; done; rm " + pid_file().string();
  }

  Arguments plan(const Arguments& more) const {
    return Arguments{"--target", url(),          "--scenario", scenario(), "--duration",
                     "600ms",    "--warm-up",    "200ms",      "--ready",  url("/settings"),
                     "--out",    out().string(), "--users",    "16"} +
           more;
  }

 private:
  TemporaryDirectory directory_;
  std::uint16_t port_ = free_port();
};

std::map<std::string, double> rates_by(const std::vector<CsvRow>& rows, const std::string& column) {
  std::map<std::string, double> rates;
  for (const auto& row : rows) rates[row.at(column)] = std::stod(row.at("rate_per_s"));
  return rates;
}

}  // namespace

TEST_CASE("the planted best pool size of an outside service is found, and said in the axis' words") {
  const Bench bench;
  const auto ran = run_sweep(
      bench.plan({"--axis", "pool=1,2,4,8", "--axis", "note=it's $HOME", "--repeats", "2", "--before",
                  bench.start("POOL={pool} NOTE={note}"), "--after", bench.stop(), "--cpu-of", "port"}));
  INFO(ran.out << ran.err << content_of(bench.out() / "commands.log"));
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.out, Contains("4 cells × 2 repeats") && Contains("\nRun note=it's $HOME pool=4: ") &&
                          Contains("The service used ") && Contains("\nwork over http\n"));
  CHECK_THAT(ran.out, !Contains("connection") && !Contains("Note: no command names"));
  CHECK_FALSE(fs::exists(bench.pid_file()));  // --after was called each time

  const auto rows = csv_rows(bench.out() / "results.csv");
  REQUIRE(rows.size() == 8);
  for (const auto& row : rows) {
    CAPTURE(row.at("axis.pool"), row.at("failure"));
    CHECK(row.at("failed") == "0");
    CHECK(std::stod(row.at("service_cpu_s")) > 0);
  }
  auto rates = rates_by(rows, "axis.pool");
  CHECK(rates["4"] > rates["2"]);
  CHECK(rates["2"] > rates["1"]);
  CHECK(rates["4"] > rates["8"]);
  CHECK(rates["4"] < 210);  // what it can do
  const auto summary = json_of(bench.out() / "summary.json");
  CHECK(summary.at("recommendations").at(0).at("cheapest").at("settings").at("axis.pool") == "4");
  CHECK(json_of(bench.out() / "environment.json").at("database").as_string() ==
        "an outside service, " + bench.url());
}

TEST_CASE("a command that fails, hangs or leaves nothing ready makes a failed cell, and the sweep goes on") {
  const Bench bench;
  const auto before = "case {pool} in 1) echo no such pool >&2; exit 7;; 2) sleep 60;; 3) ;; *) " +
                      bench.start("POOL={pool}") + ";; esac";
  const auto ran = run_sweep(
      bench.plan({"--axis", "pool=1,2,3,4", "--repeats", "1", "--before", before, "--before-timeout", "3s",
                  "--ready-timeout", "8s", "--after", "test {pool} -lt 4 || { " + bench.stop() + "; }"}));
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.out, Contains("\nRun pool=4: "));
  std::map<std::string, std::string> failures;
  for (const auto& row : csv_rows(bench.out() / "results.csv"))
    failures[row.at("axis.pool")] = row.at("failure");
  CHECK(failures["1"] == "--before failed with exit code 7: no such pool");
  CHECK(failures["2"] == "--before did not end within 3 s (--before-timeout): it wrote nothing");
  CHECK_THAT(failures["3"],
             Contains("not ready within 8 s (--ready-timeout): GET " + bench.url("/settings")));
  CHECK(failures["4"].empty());
  CHECK_THAT(content_of(bench.out() / "commands.log"),
             Contains("no such pool") && Contains("# --after: test 3 -lt 4"));
}

TEST_CASE("Ctrl-C ends the command that runs and calls --after, and the sweep goes on later") {
  const Bench bench;
  const auto waiting = bench.file("waiting").string(), called = bench.file("called").string();
  const auto before =
      "test -e " + called + " || { echo $$ >" + waiting + "; sleep 60; }; " + bench.start("POOL={pool}");
  TroupeProcess process(sweep_launch(bench.plan(
      {"--axis", "pool=2,4", "--repeats", "1", "--before", before, "--before-timeout", "100s", "--after",
       "echo x >" + called + "; test ! -e " + bench.pid_file().string() + " || { " + bench.stop() + "; }"})));
  wait_until("the command", [&] { return content_of(waiting).ends_with('\n'); });
  const pid_t command = std::stoi(content_of(waiting));
  process.signal(SIGINT);
  const auto ended = process.finish();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 130);
  CHECK_FALSE(is_alive(command));
  CHECK(fs::exists(called));

  // DATABASE_URL is the service's, and nothing that the sweep was begun with.
  auto launch = sweep_launch({"--resume", bench.out().string()});
  launch.environment["DATABASE_URL"] = "postgresql://service@db/shop";
  const auto ran = TroupeProcess(launch).finish(sweep_patience);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("\nRun pool=4: "));
  CHECK(csv_rows(bench.out() / "results.csv").size() == 2);
}

TEST_CASE("a second Ctrl-C leaves nothing of a command behind that does not listen to signals") {
  const Bench bench;
  const auto pids = bench.file("pids").string();
  const auto deaf = "trap '' INT TERM HUP; ";
  const auto before = deaf + std::string("({ ") + deaf + "sh -c 'echo $PPID' >>" + pids +
                      "; while :; do sleep 0.1; done; }) & echo $$ >>" + pids + "; wait";
  TroupeProcess process(sweep_launch(
      bench.plan({"--axis", "pool=2,4", "--repeats", "1", "--before", before, "--after", "sleep 60"})));
  wait_until("the command", [&] { return count_lines(content_of(pids)) == 2; });
  const auto begin = std::chrono::steady_clock::now();
  process.signal(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // two at once are one
  process.signal(SIGINT);
  CHECK(process.finish().code == -SIGINT);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(1900));  // in its grace time
  std::istringstream lines(content_of(pids));
  for (pid_t pid = 0; lines >> pid;) CHECK(eventually([&] { return !is_alive(pid); }));
}

TEST_CASE("a sweep sends --header and --bearer-env, and keeps no secret of them") {
  std::mutex mutex;
  std::set<std::string> tokens;
  bool tagged = true;
  FakeServer server([&](const std::string& request) {
    const std::lock_guard lock(mutex);
    for (const std::string name : {"\r\nAuthorization: ", "\r\nX-Api-Key: "}) {
      const auto at = request.find(name);
      if (at != request.npos)
        tokens.insert(request.substr(at + name.size(), request.find('\r', at + 2) - at - name.size()));
    }
    tagged = tagged && request.find("\r\nX-Run: 7\r\n") != request.npos;
    return FakeServer::Reply{answer_200("{}")};
  });
  const Bench bench;
  auto launch = sweep_launch({"--target",     server.url(),
                              "--scenario",   bench.scenario(),
                              "--duration",   "1s",
                              "--warm-up",    "100ms",
                              "--users",      "1,2",
                              "--repeats",    "2",
                              "--out",        bench.out().string(),
                              "--header",     "X-Run: 7",
                              "--header",     "X-Api-Key: hunter2",
                              "--bearer-env", "MY_TOKEN"});
  launch.environment["MY_TOKEN"] = "{id}-}hunter3{";
  TroupeProcess process(launch);
  wait_until("the load", [&] {
    const std::lock_guard lock(mutex);
    return tokens.size() == 2;
  });
  process.signal(SIGINT);
  const auto ended = process.finish(sweep_patience);
  INFO(ended.out << ended.err);
  CHECK(ended.code == 130);

  const Arguments goes_on{"--resume", bench.out().string()};
  const auto secretless = run_sweep(goes_on);
  CHECK(secretless.code == 2);
  CHECK_THAT(secretless.err, Contains("begun with --header 'X-Api-Key: ***'"));
  CHECK_THAT(run_sweep(goes_on + Arguments{"--header", "X-Api-Key: hunter2"}).err,
             Contains("begun with another --header"));
  auto again = sweep_launch(goes_on + Arguments{"--header", "X-Run: 7", "--header", "X-Api-Key: hunter2"});
  again.environment["MY_TOKEN"] = "{id}-}hunter3{";
  const auto ran = TroupeProcess(again).finish(sweep_patience);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  const std::lock_guard lock(mutex);
  CHECK(tagged);
  CHECK(tokens == std::set<std::string>{"Bearer {id}-}hunter3{", "hunter2"});
  for (const auto& entry : fs::recursive_directory_iterator(bench.out()))
    CHECK_THAT(content_of(entry.path()), !Contains("hunter"));
  CHECK_THAT(content_of(bench.out() / "records.msgpack"), Contains("'X-Api-Key: ***'"));
}

TEST_CASE("an axis that no command names is told before anything is measured") {
  const Bench bench;
  const auto ran = run_sweep(bench.plan({"--axis", "pool=2,4", "--dry-run"}));
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out,
             Contains("\nNote: no command names {pool}: cells with another pool were measured on the same "
                      "service\n") &&
                 Contains("\nwork over http, pool=2, 16 users\n"));
  CHECK_FALSE(fs::exists(bench.out()));
}

TEST_CASE("a mistake about an outside service is one line, and nothing is started") {
  struct Row {
    Arguments arguments;
    std::string line;
  };
  const Arguments target{"--target", "http://127.0.0.1:1", "--users", "1,2"};
  const auto row = GENERATE_COPY(values<Row>({
      {{"--axis", "pool=1,2"}, "--axis is about a service that is not ours: it needs --target URL"},
      {{"--users", "1,2", "--cpu-of", "port"},
       "--cpu-of is about a service that is not ours: it needs --target URL"},
      {target + Arguments{"--axis", "pool"}, "--axis 'pool': write NAME=LIST, as in --axis pool=4,8,16"},
      {target + Arguments{"--axis", "pool=1,1"}, "--axis pool names 1 twice"},
      {target + Arguments{"--axis", "pool="}, "--axis pool has an empty value"},
      {target + Arguments{"--axis", "pool=1", "--axis", "pool=2"},
       "--axis pool is given twice: give one list"},
      {target + Arguments{"--axis", "Pool=1"},
       "--axis 'Pool': a name is a lower-case word (letters, digits and _), as in --axis pool=4,8,16"},
      {target + Arguments{"--axis", "pool=1", "--before", "POOL={poll} ./restart"},
       "--before names {poll}, which is no --axis; did you mean {pool}?"},
      {target + Arguments{"--pool-size", "1,2"},
       "--target and --pool-size contradict each other: it is for a server of our own; vary what is the "
       "service's "
       "with --axis NAME=LIST"},
      {target + Arguments{"--transport", "http"},
       "--target and --transport contradict each other: that is for sweeps of a server of our own"},
      {target + Arguments{"--write-config", "x.toml"},
       "--target and --write-config contradict each other: that is for sweeps of a server of our own"},
      {target + Arguments{"--ready", "ftp://127.0.0.1:1/"},
       "--ready 'ftp://127.0.0.1:1/' is no URL to ask: write http://HOST:PORT/PATH"},
      {{"--users", "1,2", "--no-check"},
       "--no-check is about a service that is not ours: it needs --target URL"},
      {target + Arguments{"--before-timeout", "0s"},
       "--before-timeout must be a duration above 0, as in 500ms, 3s or 10m, not '0s'"},
      {target + Arguments{"--before-output", "1"},
       "--before-output must be a size from 4KiB to 1GiB, not '1'"},
      {target + Arguments{"--header", "X"}, "--header must be 'NAME: VALUE', not 'X'"},
      {target + Arguments{"--bearer-env", "NO_SUCH_VARIABLE"},
       "--bearer-env: the environment has no NO_SUCH_VARIABLE"},
      {{"--users", "1,2", "--header", "X: 1"},
       "--header is about a service that is not ours: it needs --target URL"},
      {target + Arguments{"--cpu-of", "process:"},
       "--cpu-of must be port, process:NAME or a file with a process id"},
      {target + Arguments{"--before", "DATABASE_URL=postgresql://me:hunter2@db/x ./restart"},
       "--before holds a password, and the records keep it: put it into a variable of the environment, and "
       "write "
       "\"$NAME\""},
      {{"--resume", "x", "--target", "http://127.0.0.1:1"},
       "--resume goes on with the sweep as it was begun: leave out what it varies and how it measures"},
  }));
  const TemporaryDirectory directory;
  const auto out = directory.path() / "results";
  const auto resumed = row.arguments.front() == "--resume";
  const auto ran = run_sweep(row.arguments + (resumed ? Arguments{} : Arguments{"--out", out.string()}));
  CHECK(ran.code == 2);
  CHECK(ran.err == "troupe: " + row.line + "\n");
  CHECK_FALSE(fs::exists(out));
}

TEST_CASE("the FastAPI app of the comparison is swept over its SQLAlchemy pool and uvicorn's workers") {
  const std::string app = TROUPE_SOURCE_DIR "/peers/fastapi/run";
  if (std::system((app + " --check >/dev/null 2>&1").c_str()) != 0) {
    WARN("FastAPI is not installed here: scripts/setup --peers");
    return;
  }
  const Bench bench;
  const auto scenario = bench.file("list.toml");
  write_content(scenario,
                "[[task]]\ndo = \"request\"\nname = \"list\"\nmethod = \"GET\"\npath = \"/items/\"\n");
  const auto url = url_of(fresh_database());
  const auto port = bench.url().substr(bench.url().rfind(':') + 1);
  auto launch = sweep_launch({"--target",
                              bench.url(),
                              "--scenario",
                              scenario.string(),
                              "--axis",
                              "workers=1,2",
                              "--axis",
                              "pool=1,4",
                              "--users",
                              "8",
                              "--duration",
                              "500ms",
                              "--warm-up",
                              "200ms",
                              "--repeats",
                              "1",
                              "--cpu-of",
                              bench.pid_file(),
                              "--before",
                              "POOL_SIZE={pool} MAX_OVERFLOW=0 WORKERS={workers} PORT=" + port + " " + app +
                                  " & echo $! >" + bench.pid_file().string(),
                              "--ready",
                              bench.url("/items/"),
                              "--after",
                              bench.stop(),
                              "--out",
                              bench.out()});
  launch.environment = {{"DATABASE_URL", url}, {"PATH", "/usr/local/bin:/usr/bin:/bin"}};
  const auto ran = TroupeProcess(launch).finish(sweep_patience);
  INFO(ran.out << ran.err << content_of(bench.out() / "commands.log"));
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.out, Contains("\nRun pool=") && Contains(" workers=") && Contains("The service used "));
  const auto rows = csv_rows(bench.out() / "results.csv");
  CHECK(rows.size() == 4);
  for (const auto& row : rows) {
    REQUIRE(row.at("failure").empty());
    CHECK(std::stoull(row.at("requests")) > 0);
    CHECK(row.at("failed") == "0");
    CHECK(std::stod(row.at("service_cpu_s")) > 0.05);
  }
}
