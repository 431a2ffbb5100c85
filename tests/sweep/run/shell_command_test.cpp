#include "sweep/run/shell_command.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "helpers/eventually.hpp"
#include "helpers/folder.hpp"
#include "helpers/processes.hpp"
#include "sweep/records/records.hpp"

using namespace troupe;
using namespace troupe::sweep;
using namespace troupe::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

struct ShellBench {
  Folder folder{"shell_command"};
  std::filesystem::path file = folder / "commands.log";
  std::unique_ptr<CommandLog> log = CommandLog::open(file, least_command_output).value();
  RunningCommand running;

  Result<void> run(const std::string& text, Duration timeout = 20s, std::function<bool()> give_up = {}) {
    if (!give_up) give_up = [] { return false; };
    return run_shell_command({"--before", text, timeout}, *log, running, give_up);
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
  CHECK(content_of(bench.file) ==
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
  const auto opened = CommandLog::open("/nowhere/commands.log", least_command_output);
  REQUIRE_FALSE(opened.has_value());
  CHECK_THAT(opened.error().message, Contains("cannot write /nowhere/commands.log"));
}

TEST_CASE("of what a command writes the first and the last part are kept, with how much is between them") {
  ShellBench bench;
  CHECK_THAT(bench.fault_of("echo first; seq 100000; echo last; false"), Contains("\\n100000\\nlast"));
  REQUIRE(bench.run("echo next").has_value());
  const auto text = content_of(bench.file);
  CHECK(text.size() < least_command_output + 300);
  CHECK_THAT(text,
             Contains("false\nfirst\n1\n2\n") && Contains("\n100000\nlast\n# --before: echo next\nnext\n"));
  const auto told = text.find(" bytes are left out here: --before-output]\n");
  REQUIRE(told != text.npos);
  const auto begin = text.rfind('[', told), line_end = text.find('\n', told);
  const auto left_out = std::stoul(text.substr(begin + 1, told - begin - 1));
  // All of "first", the numbers and "last", but for what was written in the moment of a cut.
  const auto kept = text.find("# --before: echo next") - text.find("first\n1\n") - (line_end + 2 - begin);
  CHECK(kept + left_out <= 6 + 588'895 + 5);
  CHECK(kept + left_out > 500'000);
}

TEST_CASE("what a command leaves running writes within the limit, too") {
  ShellBench bench;
  REQUIRE(bench
              .run("while :; do echo some words of a service that goes on; done & echo $! >" +
                   (bench.folder / "pid").string())
              .has_value());
  const auto pid = bench.pid_in("pid");
  wait_until("a cut", [&] { return content_of(bench.file).find("left out here") != std::string::npos; });
  ::kill(pid, SIGKILL);
  CHECK(eventually([&] { return content_of(bench.file).size() < least_command_output + 300; }));
}

TEST_CASE("the end of this process takes the running command's whole group along, and lets none begin") {
  ShellBench bench;
  const auto text = "trap '' INT TERM; (trap '' INT TERM; sh -c 'echo $PPID' >" +
                    (bench.folder / "pid").string() + "; while :; do sleep 0.05; done) & wait";
  Result<void> ran;
  std::thread waiting([&] { ran = bench.run(text); });
  const auto pid = bench.pid_in("pid");
  bench.running.end_for_good();
  waiting.join();
  CHECK(eventually([&] { return !is_alive(pid); }));
  REQUIRE_FALSE(ran.has_value());
  CHECK_THAT(ran.error().message, Contains("was ended by signal 9"));
  CHECK(bench.fault_of("true") == "this process is about to end");
}
