#include "cli/cli.hpp"
#include "cli/common/exit_code.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "support/settings_table.hpp"

using namespace troupe;

namespace {

struct Ran {
  int code;
  std::string out, err;
};

/// Runs the command line in this process with standard output and error caught.
Ran run(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  auto* const old_out = std::cout.rdbuf(out.rdbuf());
  auto* const old_err = std::cerr.rdbuf(err.rdbuf());
  const auto code = cli::run(arguments);
  std::cout.rdbuf(old_out);
  std::cerr.rdbuf(old_err);
  return {code, out.str(), err.str()};
}

const std::string commands =
    "serve, resources, auth, copies, simulate, scenarios, scenario, sweep, simulate-faults, report, "
    "compare, completions or man";

}  // namespace

TEST_CASE("a mistake on the command line is one line that names the fix, and exit 2", "[cli]") {
  struct Row {
    std::vector<std::string> arguments;
    std::string line;
  };
  const auto row = GENERATE(values<Row>({
      {{"sevre"}, "unknown command 'sevre'; did you mean serve?"},
      {{"zebra"}, "unknown command 'zebra'; known: " + commands},
      {{"--port", "1"}, "expected a command before --port: " + commands + "; see troupe --help"},
      {{"serve", "--prot", "1"}, "unknown flag --prot; did you mean --port?"},
      {{"serve", "--prot=1"}, "unknown flag --prot; did you mean --port?"},
      {{"serve", "--zebra"}, "unknown flag --zebra; see troupe serve --help"},
      {{"serve", "extra", "more"}, "unexpected argument 'extra'; see troupe serve --help"},
      {{"serve", "--", "extra"}, "unexpected argument 'extra'; see troupe serve --help"},
      {{"serve", "postgresql://u:s3cr/et@h/db"},
       "unexpected argument 'postgresql://u@h/db'; see troupe serve --help"},
      {{"serve", "host=h password=secret"},
       "unexpected argument 'host=h password=...'; see troupe serve --help"},
      {{"serve", "-ppostgresql://u:secret@h/db"},
       "unknown flag -ppostgresql://u@h/db; see troupe serve --help"},
      {{"--database-url=postgresql://u:s3cr/et@h/db", "serve"},
       "expected a command before --database-url=postgresql://u@h/db: " + commands + "; see troupe --help"},
      {{"postgresql://u:secret@h/db"}, "unknown command 'postgresql://u@h/db'; known: " + commands},
      {{"report", "postgresql://u:secret@h/db"},
       "cannot read postgresql://u@h/db: No such file or directory"},
      {{"sweep", "--resume", "postgresql://u:secret@h/db"},
       "postgresql://u@h/db is not a sweep: it does not exist"},
      {{"simulate", "--scenario", "postgresql://u:secret@h/db"},
       "cannot read postgresql://u@h/db: No such file or directory"},
      {{"serve", "--port"}, "--port needs a value; see troupe serve --help"},
      {{"serve", "--port", "-1"}, "--port: server.port must be a whole number from 0 to 65535, not '-1'"},
      {{"serve", "--server-timing=maybe"},
       "--server-timing: server.server_timing must be true or false, not 'maybe'"},
      {{"serve", "--config", "/nowhere"},
       "configuration file: cannot read /nowhere: No such file or directory"},
  }));
  const auto ran = run(row.arguments);
  CHECK(ran.code == cli::exit_usage);
  CHECK(ran.err == "troupe: " + row.line + "\n");
  CHECK(ran.out.empty());
}

TEST_CASE("serve --help-all lists every setting's flag", "[cli]") {
  const auto ran = run({"serve", "--help-all"});
  CHECK(ran.code == cli::exit_ok);
  for (const auto& setting : settings_table()) {
    CHECK_THAT(ran.out, Catch::Contains("  " + std::string(setting.flag) + " "));
  }
  CHECK_THAT(ran.out, Catch::Contains("--print-config") && Catch::Contains("Examples:") &&
                          Catch::Contains("Exit codes:"));
}

TEST_CASE("the help of every command fits on a screen, and says where the rest is", "[cli]") {
  const auto name =
      GENERATE(values<std::string>({"", "serve", "resources", "copies", "simulate", "scenarios", "sweep",
                                    "simulate-faults", "report", "compare", "completions", "man"}));
  auto words = std::vector<std::string>{name, "--help"};
  if (name.empty()) words.erase(words.begin());
  const auto ran = run(words);
  CAPTURE(ran.out);
  CHECK(std::ranges::count(ran.out, '\n') <= 52);
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 122);
  const bool is_long = name == "serve" || name == "simulate" || name == "sweep";
  CHECK(ran.out.ends_with("troupe " + name + " --help-all tells all flags, and the exit codes.\n") ==
        is_long);
  if (!is_long) return;
  words.back() = "--help-all";
  CHECK_THAT(run(words).out, Catch::Contains("--queue-limit") && Catch::Contains("\nExit codes:\n"));
  CHECK_THAT(ran.out, !Catch::Contains("--queue-limit") && Catch::Contains("--database-url"));
}

TEST_CASE("completions and the manual page are made of every command's flags", "[cli]") {
  const auto script = run({"completions", "bash"});
  CHECK(script.code == cli::exit_ok);
  CHECK_THAT(script.out, Catch::Contains("--arrival-rate") && Catch::Contains("epoll"));
  CHECK(run({"completions", "fish"}).err == "troupe: completions: expected bash or zsh, not 'fish'\n");
  const auto page = run({"man"});
  CHECK(page.code == cli::exit_ok);
  CHECK_THAT(page.out,
             Catch::Contains(".SS troupe scenario new\n") && Catch::Contains("\\-\\-queue\\-limit"));
}

TEST_CASE("help and version go to standard output and exit 0; no argument at all is a mistake", "[cli]") {
  CHECK_THAT(run({"--help"}).out, Catch::Contains("Usage: troupe COMMAND") && Catch::Contains("  serve "));
  CHECK(run({"--help"}).code == cli::exit_ok);
  CHECK(run({"--version"}).out == "troupe " TROUPE_VERSION "\n");
  const auto bare = run({});
  CHECK(bare.code == cli::exit_usage);
  CHECK_THAT(bare.err, Catch::Contains("Usage: troupe COMMAND"));
}

TEST_CASE("--print-config shows flags in force; the last of a repeated flag counts", "[cli]") {
  const auto ran =
      run({"serve", "--port", "1", "--port=2", "--server-timing", "--database-url", "", "--print-config"});
  CHECK(ran.code == cli::exit_ok);
  CHECK_THAT(ran.out, Catch::Contains("port = 2 ") && Catch::Contains("server_timing = true "));
  CHECK(ran.err.empty());
}
