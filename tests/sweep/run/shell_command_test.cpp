#include "sweep/run/shell_command.hpp"

#include <catch2/catch.hpp>
#include <csignal>

#include "helpers/eventually.hpp"
#include "helpers/folder.hpp"
#include "helpers/processes.hpp"

using namespace troupe;
using namespace troupe::sweep;
using namespace troupe::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

struct ShellBench {
  Folder folder{"shell_command"};
  std::filesystem::path log = folder / "commands.log";

  Result<void> run(const std::string& text, Duration timeout = 20s, std::function<bool()> give_up = {}) {
    if (!give_up) give_up = [] { return false; };
    return run_shell_command({"--before", text, timeout, log}, give_up);
  }
  std::string fault_of(const std::string& text, Duration timeout = 20s, std::function<bool()> give_up = {}) {
    const auto ran = run(text, timeout, std::move(give_up));
    REQUIRE_FALSE(ran.has_value());
    return ran.error().message;
  }
  pid_t pid_in(const std::string& file) {
    wait_until("a process id", [&] { return content_of(folder / file).ends_with('\n'); });
    return std::stoi(content_of(folder / file));
  }
};

}  // namespace

TEST_CASE("what a command writes is kept, one command after the other") {
  ShellBench bench;
  REQUIRE(bench.run("echo one; echo two >&2").has_value());
  REQUIRE(bench.run("echo three").has_value());
  CHECK(content_of(bench.log) ==
        "# --before: echo one; echo two >&2\none\ntwo\n# --before: echo three\nthree\n");
}

TEST_CASE("a command that fails is told with its exit code and its last lines, whatever bytes they are") {
  ShellBench bench;
  CHECK(bench.fault_of("for i in 1 2 3 4 5; do echo line $i; done; exit 3") ==
        "--before failed with exit code 3: line 3\\nline 4\\nline 5");
  CHECK(bench.fault_of("exit 1") == "--before failed with exit code 1: it wrote nothing");
  CHECK(bench.fault_of("kill -9 $$") == "--before was ended by signal 9: it wrote nothing");
  CHECK(bench.fault_of("printf 'a\\377b'; false") == "--before failed with exit code 1: a?b");
  CHECK_THAT(bench.fault_of("no_such_program"), Contains("exit code 127") && Contains("no_such_program"));
}

TEST_CASE("a command reads nothing, and a broken pipe ends its programs as it does elsewhere") {
  ShellBench bench;
  std::signal(SIGPIPE, SIG_IGN);
  CHECK(bench.run("! read line").has_value());
  CHECK(bench.run("yes | head -1").has_value());
}

TEST_CASE("at the time limit the whole group ends, also what does not listen to SIGTERM") {
  ShellBench bench;
  const auto child = "(trap '' TERM; echo $$ >/dev/null; sh -c 'echo $PPID' >" +
                     (bench.folder / "pid").string() + "; while :; do sleep 0.05; done) & wait";
  const auto fault = bench.fault_of("echo starting; " + child, 500ms);
  CHECK(fault == "--before did not end within 0.5 s (--before-timeout): starting");
  const auto pid = bench.pid_in("pid");
  CHECK(eventually([&] { return !is_alive(pid); }));
}

TEST_CASE("a sweep that is given up ends the command that runs") {
  ShellBench bench;
  int asked = 0;
  const auto begin = std::chrono::steady_clock::now();
  CHECK_THAT(bench.fault_of("sleep 30", 60s, [&] { return ++asked > 3; }),
             Contains("was ended with the sweep"));
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("what a command leaves running goes on, in a group of its own") {
  ShellBench bench;
  REQUIRE(bench.run("sleep 30 & echo $! >" + (bench.folder / "pid").string()).has_value());
  const auto pid = bench.pid_in("pid");
  CHECK(is_alive(pid));
  CHECK(::getpgid(pid) != ::getpgrp());
  ::kill(pid, SIGKILL);
}

TEST_CASE("a log that cannot be written is a fault") {
  ShellBench bench;
  bench.log = bench.folder / "nowhere/commands.log";
  CHECK_THAT(bench.fault_of("true"), Contains("cannot write") && Contains("nowhere/commands.log"));
}
