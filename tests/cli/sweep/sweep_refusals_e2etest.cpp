// What `troupe sweep` and `troupe report` say to input that cannot be meant: one line that names the fault
// and the fix, and nothing left behind.
#include <catch2/catch.hpp>

#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"
#include "helpers/sweep_process.hpp"

using namespace troupe::tests;
namespace fs = std::filesystem;
using Catch::Contains;
using Arguments = std::vector<std::string>;

namespace {

const Arguments quick{"--stand-in-database", "instant", "--duration", "50ms",
                      "--warm-up",           "0s",      "--repeats",  "1"};

/// A directory with a finished sweep in it, made once.
const fs::path& finished_sweep() {
  static const TemporaryDirectory directory;
  static const auto path = directory.path() / "sweep";
  static const auto ran = run_sweep(quick + Arguments{"--users", "1,2", "--out", path.string()});
  REQUIRE(ran.code == 0);
  return path;
}

}  // namespace

TEST_CASE("a mistake is one line that names it and the fix; exit 2, and no directory is made") {
  struct Row {
    Arguments arguments;
    std::string line;
  };
  const auto row = GENERATE(values<Row>({
      {{},
       "what to sweep? Give a file (config/sweep.toml) or a list, as --pool-size 1,2,4; see troupe sweep "
       "--help"},
      {{"--pool-size", "1,2", "--constraint", "pool_size > 3"},
       "the grid is empty: the constraints leave out all of its 2 cells"},
      {{"--pool-size", ","}, "--pool-size has an empty value"},
      {{"--pool-size", "1,1"}, "--pool-size names 1 twice"},
      {{"--pool-size", "1,two"},
       "database.pool_size must be \"auto\" or a whole number from 1 to 1000, not 'two'"},
      {{"--pool-sise", "1,2"}, "unknown flag --pool-sise; did you mean --pool-size?"},
      {{"--constraint", "pool_size <= 2 * wrokers", "--users", "1,2"},
       "constraint 'pool_size <= 2 * wrokers': unknown name 'wrokers'; did you mean workers?"},
      {{"--users", "0"}, "--users must be a whole number from 1 to 1000000, not '0'"},
      {{"--users", "1,2", "--arrival-rate", "10"},
       "users and arrival_rate contradict each other: a sweep has one kind of load"},
      {{"--transport", "direct,udp"}, "transport must be direct or http, not 'udp'"},
      {{"--model", "actor"},
       "unknown model actor: it must be a .toml file or one of actors, event-loop, prefork or threads"},
      {{"--scenario", "mixde"},
       "unknown scenario 'mixde' (available: crud, mixed, read, shop, write; or give the path of a .toml "
       "file)"},
      {{"--scenario", "crud"},
       "scenario crud has phases: a sweep needs an even load, as shop, mixed, read and write are"},
      {{"--users", "1,2", "--duration", "5"},
       "--duration must be a duration above 0, as in 500ms, 3s or 10m, not '5'"},
      {{"--users", "1,2", "--repeats", "0"}, "--repeats must be a whole number from 1 to 1000, not '0'"},
      {{"--users", "1,2", "--budget", "1ms"},
       "the budget is too small: one repeat of the 2 coarse cells alone takes about 8s; give it more, or "
       "fewer "
       "values or a shorter --duration"},
      {{"--pool-size", "1,2,4,8", "--users", "1,2,4,8,16,32", "--duration", "1h"},
       "this would take 3 days: --yes runs it all the same, --budget 10m fits it into a time"},
      {{"--users", "1,2", "--port", "1,2"},
       "leave out --port: the servers of a sweep are for its own users only, on a free port"},
      {{"--users", "1,2", "--table", "items"},
       "leave out --table: a sweep empties its table, so it takes one of its own, troupe_sweep_items"},
      {{"--users", "1,2", "--stand-in-database", "slow:1ms"},
       "--stand-in-database: 'slow:1ms' is no stand-in database: unknown kind (write instant, fixed:5ms, "
       "exponential:5ms or serial:5ms)"},
      {{"--users", "1,2", "--stand-in-database", "instant", "--database-url", "postgresql://x/y"},
       "--stand-in-database and the setting database.url contradict each other: leave out one"},
      {{"/nowhere.toml"}, "cannot read /nowhere.toml: No such file or directory"},
  }));
  const TemporaryDirectory directory;
  const auto out = directory.path() / "results";
  const auto ran = run_sweep(row.arguments + Arguments{"--out", out.string()});
  CHECK(ran.code == 2);
  CHECK(ran.err == "troupe: " + row.line + "\n");
  CHECK_FALSE(fs::exists(out));
}

TEST_CASE("a fault in a sweep file is told with its line") {
  struct Row {
    std::string text, fault;
  };
  const auto row = GENERATE(values<Row>({
      {"[axes]\npool_size = []\n", ":2: database.pool_size is an empty list: give it one value at least"},
      {"[axes]\ndatabase.pool_sise = [1]\n",
       ":2: unknown axis database.pool_sise; did you mean database.pool_size?"},
      {"duraton = \"1s\"\n[axes]\nusers = [1]\n", ":1: unknown key duraton; did you mean duration?"},
      {"[axes]\nusers = [\n", ""},
  }));
  const TemporaryDirectory directory;
  const auto file = (directory.path() / "sweep.toml").string();
  write_content(file, row.text);
  const auto out = directory.path() / "results";
  const auto ran = run_sweep({file, "--out", out.string()});
  CHECK(ran.code == 2);
  CHECK(is_one_line(ran.err));
  CHECK(ran.err.starts_with("troupe: " + file + ":"));
  if (!row.fault.empty()) CHECK(ran.err == "troupe: " + file + row.fault + "\n");
  CHECK_FALSE(fs::exists(out));
}

TEST_CASE("a pool larger than PostgreSQL has connections is refused before anything is measured") {
  const auto conninfo = fresh_database();
  SqlSession session(conninfo);
  const TemporaryDirectory directory;
  const auto out = directory.path() / "results";
  const auto most = std::stoi(session.value("SHOW max_connections"));
  const auto url = url_of(conninfo);
  const auto ran =
      run_sweep({"--pool-size", "1," + std::to_string(most), "--database-url", url, "--out", out});
  CHECK(ran.code == 2);
  CHECK(is_one_line(ran.err));
  CHECK_THAT(ran.err, Contains("a cell wants " + std::to_string(most) + " connections") &&
                          Contains("max_connections " + std::to_string(most)) &&
                          Contains("lower pool_size or raise max_connections"));
  CHECK_FALSE(fs::exists(out));
  CHECK(session.value("SELECT count(*) FROM pg_tables WHERE tablename = 'troupe_sweep_items'") == "0");
}

TEST_CASE("a sweep on an outside PostgreSQL takes its table with it; without PostgreSQL it is exit 3") {
  const auto conninfo = fresh_database();
  SqlSession session(conninfo);
  const TemporaryDirectory directory;
  const auto out = directory.path() / "results";
  const Arguments plan{"--users", "1,2",       "--duration", "50ms",  "--warm-up",
                       "0s",      "--repeats", "1",          "--out", out};
  const auto dead = run_sweep(plan + Arguments{"--database-url", "postgresql://me:hunter2@127.0.0.1:1/db"});
  CHECK(dead.code == 3);
  CHECK(is_one_line(dead.err));
  CHECK_THAT(dead.err, Contains("127.0.0.1") && !Contains("hunter2"));
  CHECK_FALSE(fs::exists(out));

  const auto url = url_of(conninfo);
  const auto ran = run_sweep(plan + Arguments{"--database-url", url});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(session.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0");
  const auto resumed = run_sweep({"--resume", out});
  CHECK(resumed.code == 2);
  CHECK(resumed.err == "troupe: this sweep was begun on " + url + ": give that as --database-url again\n");
}

TEST_CASE("results are never mixed: a directory in use, other flags and foreign files are refused") {
  const auto sweep = finished_sweep().string();
  const auto records = content_of(finished_sweep() / "records.msgpack");
  const TemporaryDirectory directory;
  const auto empty = directory.path() / "empty", newer = directory.path() / "newer";
  fs::create_directories(empty);
  fs::create_directories(newer);
  auto version = records;  // a map of three: "schema", its name, "version", a small number
  const auto at = version.find("version") + 7;
  REQUIRE(version.at(at) == 2);
  version[at] = 3;
  write_content(newer / "records.msgpack", version);

  struct Row {
    Arguments arguments;
    std::string line;
  };
  const std::vector<Row> rows{
      {{"sweep", "--users", "1,2", "--stand-in-database", "instant", "--out", sweep},
       sweep + " is not empty: choose another directory with --out, or continue its sweep with --resume"},
      {{"sweep", "--resume", sweep, "--users", "4"},
       "--resume goes on with the sweep as it was begun: leave out what it varies and how it measures"},
      {{"sweep", "--resume", sweep, "--pool-size", "4"},
       "--resume goes on with the sweep as it was begun: leave out database.pool_size"},
      {{"sweep", "--resume", empty}, empty.string() + " is not a sweep: it has no records.msgpack"},
      {{"report", empty}, empty.string() + " is not a sweep: it has no records.msgpack"},
      {{"sweep", "--resume", "/nowhere"}, "/nowhere is not a sweep: it does not exist"},
      {{"sweep", "--resume", newer}, "version 2"},
      {{"report", newer}, "version 2"},
      {{"report", sweep, "--hgrm", "-"},
       "--msgpack and --hgrm are for the result of one run, and " + sweep + " is a sweep"},
  };
  for (const auto& [arguments, line] : rows) {
    CAPTURE(arguments);
    const auto ran = run_troupe({.arguments = arguments});
    CHECK(ran.code == 2);
    CHECK(is_one_line(ran.err));
    if (line == "version 2") {
      CHECK_THAT(ran.err, Contains(newer.string()) && Contains(line) &&
                              Contains("use the troupe that wrote it, or run the sweep again"));
    } else {
      CHECK(ran.err == "troupe: " + line + "\n");
    }
  }
  CHECK(content_of(finished_sweep() / "records.msgpack") == records);
  CHECK(fs::is_empty(empty));
}
