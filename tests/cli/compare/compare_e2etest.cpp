// `troupe compare`: what is noise and what is a regression, of sweeps and of runs.
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <memory>

#include "helpers/sweep_process.hpp"

using namespace troupe::tests;
using Catch::Contains;
using Arguments = std::vector<std::string>;

namespace {

/// Runs several troupes at the same time, so that a machine that gets slower meanwhile is slower for all.
void run_together(const std::vector<Arguments>& commands) {
  std::vector<std::unique_ptr<TroupeProcess>> running;
  for (const auto& command : commands) {
    running.push_back(std::make_unique<TroupeProcess>(Launch{.arguments = command}));
  }
  for (const auto& process : running) {
    const auto ran = process->finish(sweep_patience);
    INFO(ran.err);
    REQUIRE(ran.code == 0);
  }
}

Finished compare(const Arguments& arguments) {
  return run_troupe({.arguments = Arguments{"compare"} + arguments});
}

/// Two sweeps of the same thing and one of a database that takes twice as long, and the same of runs.
struct Measured {
  TemporaryDirectory directory;
  std::string at(const char* name) const { return (directory.path() / name).string(); }

  Measured() {
    const auto sweep = [&](const char* kind, const char* name) {
      return Arguments{
          "sweep", "--stand-in-database", kind,   "--pool-size", "1,2", "--users", "4",     "--duration",
          "300ms", "--warm-up",           "20ms", "--repeats",   "5",   "--quiet", "--out", at(name)};
    };
    const auto run = [&](const std::string& kind, const char* name) {
      return Arguments{"simulate",   "--stand-in-database=" + kind,
                       "--users",    "4",
                       "--duration", "7s",
                       "--scenario", "mixed",
                       "--quiet",    "--json",
                       at(name)};
    };
    run_together({sweep("fixed:2ms", "a"), sweep("fixed:2ms", "b"), sweep("fixed:4ms", "slow"),
                  run("fixed:2ms", "a.json"), run("fixed:2ms", "b.json"), run("fixed:4ms", "slow.json")});
  }
};

const Measured& measured() {
  static const Measured all;
  return all;
}

}  // namespace

TEST_CASE("two of the same are no regression; exit 0, or 6 where one could have hidden") {
  const auto* ending = GENERATE("", ".json");
  const auto compared = compare({measured().at("a") + ending, measured().at("b") + ending, "--gate"});
  INFO(compared.out);
  const bool blind = compared.out.find("could not have shown one") != std::string::npos;
  CHECK(compared.code == (blind ? 6 : 0));
  CHECK(compared.err.empty());
  CHECK_THAT(compared.out, Contains("; no regression beyond 5.0 %."));
}

TEST_CASE("twice the latency is a regression that is named; exit 4") {
  const auto* ending = GENERATE("", ".json");
  const auto a = measured().at("a") + ending, slow = measured().at("slow") + ending;
  const auto compared = compare({a, slow, "--gate"});
  INFO(compared.out);
  CHECK(compared.code == 4);
  CHECK(compared.err.empty());
  CHECK_THAT(compared.out, Contains("mixed over direct"));
  CHECK_THAT(compared.out, Contains(" beyond 5.0 %.") && !Contains("no regression"));
  if (*ending == '\0')
    CHECK_THAT(compared.out, Contains("pool_size=1, 4 users") && Contains("pool_size=2, 4 users"));
  const auto faster = compare({slow, a, "--gate"}).code;  // no regression, as far as can be seen
  CHECK((faster == 0 || faster == 6));
}

TEST_CASE("two single runs are advice; exit 0 unless --gate") {
  const auto a = measured().at("a.json"), slow = measured().at("slow.json");
  const auto advice = compare({a, slow});
  CHECK(advice.code == 0);
  CHECK_THAT(advice.out, Contains("REGRESSION") && Contains("One run each is advice"));
  const auto gated = compare({a, slow, "--gate"});
  CHECK(gated.code == 4);
  CHECK_THAT(gated.out, !Contains("advice"));
}

TEST_CASE("sweeps too short to see the tolerance say so; exit 6") {
  const TemporaryDirectory directory;
  const auto once = [&](const char* name) {
    const auto out = (directory.path() / name).string();
    CHECK(run_sweep({"--stand-in-database", "fixed:2ms", "--users", "2", "--duration", "50ms", "--repeats",
                     "1", "--pool-size", "1,2", "--quiet", "--out", out})
              .code == 0);
    return out;
  };
  const auto compared = compare({once("a"), once("b")});
  CHECK(compared.code == 6);
  CHECK_THAT(compared.out, Contains("6 figures could not have shown one"));
}

TEST_CASE("--json tells a program every figure and its verdict") {
  const auto compared = compare({measured().at("a"), measured().at("slow"), "--json", "-"});
  CHECK(compared.code == 4);
  const auto json = boost::json::parse(compared.out);
  CHECK(json.at("schema") == "troupe.comparison");
  CHECK(json.at("kind") == "sweeps");
  CHECK(json.at("rows").as_array().size() == 6);  // two cells, three figures
  for (const auto& row : json.at("rows").as_array()) {
    if (row.at("metric") != "rate_per_s") continue;
    CHECK(row.at("verdict") == "worse");
    CHECK(row.at("change").at("median").as_double() < -0.2);
  }
}

TEST_CASE("what cannot be compared is one line and exit 2") {
  const auto a = measured().at("a"), run = measured().at("a.json");
  struct Row {
    Arguments arguments;
    std::string line;
  };
  const std::vector<Row> rows{
      {{a}, "compare what? Give two sweeps or two runs, not 1; see troupe compare --help"},
      {{a, run}, a + " and " + run + " cannot be compared: one is a sweep and one is a run"},
      {{a, "/nowhere"}, "cannot read /nowhere: No such file or directory"},
      {{a, measured().directory.path()},
       measured().directory.path().string() + " is not a sweep: it has no records.msgpack"},
      {{a, a, "--tolerance", "200%"}, "--tolerance must be a share below 100%, as 5% or 0.05, not '200%'"},
      {{a, a, "--tolerence", "5%"}, "unknown flag --tolerence; did you mean --tolerance?"},
      {{a, a, "--json", "/nowhere/x"}, ""},
  };
  for (const auto& [arguments, line] : rows) {
    CAPTURE(arguments);
    const auto refused = compare(arguments);
    CHECK(refused.code == 2);
    CHECK(is_one_line(refused.err));
    if (!line.empty()) CHECK(refused.err == "troupe: " + line + "\n");
  }
}
