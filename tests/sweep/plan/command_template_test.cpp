#include "sweep/plan/command_template.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <memory>

#include "support/random.hpp"

using namespace troupe;
using namespace troupe::sweep;

namespace {

Configuration with_pool(const std::string& value) {
  Configuration configuration;
  configuration.settings["axis.pool"] = value;
  return configuration;
}

/// What /bin/sh prints.
std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> shell(::popen(command.c_str(), "r"), ::pclose);
  REQUIRE(shell);
  std::string out;
  std::array<char, 4096> buffer{};
  while (const auto got = ::fread(buffer.data(), 1, buffer.size(), shell.get()))
    out.append(buffer.data(), got);
  return out;
}

}  // namespace

TEST_CASE("a name in braces becomes the axis' value, and the shell's own braces stay") {
  const auto [command, filled] = GENERATE(table<std::string, std::string>({
      {"POOL={pool} ./restart", "POOL=8 ./restart"},
      {"{pool}{pool}", "88"},
      {"a ${pool} b", "a ${pool} b"},
      {"cp {a,b} x", "cp {a,b} x"},
      {"f() { date; }", "f() { date; }"},
      {"awk '{{print}}'", "awk '{print}'"},
      {"docker inspect -f '{{.State}}' x", "docker inspect -f '{{.State}}' x"},
      {"echo {POOL} {1a} {} {", "echo {POOL} {1a} {} {"},
      {"", ""},
  }));
  CHECK(fill_command(command, with_pool("8")) == filled);
}

TEST_CASE("whatever a value holds, the shell takes it as one text, in quotes or without") {
  const std::string nasty[] = {
      "a b", "'",   "\"", "$(touch /tmp/x)", "`date`", "; rm -rf ~", "\\",   "a'b\"c$d`e\\", "*",
      "~",   "#no", "-n", "$HOME",           "\t tab", "naïve 灯 💡", "a\nb", "!x",           "{pool}"};
  for (const auto& value : nasty) {
    CAPTURE(value);
    for (const auto* command : {"printf %s {pool}", "printf %s \"{pool}\"", "printf %s '{pool}'",
                                "printf %s x{pool}", "printf %s 'it'\\''s'\"{pool}\""}) {
      CAPTURE(command);
      const auto told = output_of(fill_command(command, with_pool(value)));
      CHECK(told.ends_with(value));
    }
  }
}

TEST_CASE("random texts come back from the shell as they went in") {
  Rng rng(7);
  constexpr std::string_view letters = "'\"\\$`{}() ab;&|<>*?[]#~!=%\n";
  for (int i = 0; i < 60; ++i) {
    std::string value = "a";
    for (auto left = rng.below(12); left > 0; --left) value += letters[rng.below(letters.size())];
    value += "z";
    CAPTURE(value);
    CHECK(output_of(fill_command("printf %s {pool}\"{pool}\"'{pool}'", with_pool(value))) ==
          value + value + value);
  }
}

TEST_CASE("comments turn no quotes around, and what they name is no axis") {
  const auto [command, filled] = GENERATE(table<std::string, std::string>({
      {"# it's {pool}\nPOOL={pool} ./restart", "# it's {pool}\nPOOL='a b' ./restart"},
      {"ls; #don't {pool}\n{pool}", "ls; #don't {pool}\n'a b'"},
      {"(# don't\n{pool})", "(# don't\n'a b')"},
      {"echo \\\n# don't\n{pool}", "echo \\\n# don't\n'a b'"},
      {"# a comment \\\n{pool}", "# a comment \\\n'a b'"},
      {"echo x#'{pool}'", "echo x#'a b'"},
      {"echo '#' {pool}", "echo '#' 'a b'"},
      {"echo \" # {pool}\"", "echo \" # a b\""},
      {"echo \\ #'{pool}'", "echo \\ #'a b'"},
      {"echo $# ${#x} {pool}#{pool}", "echo $# ${#x} 'a b'#'a b'"},
  }));
  CHECK(fill_command(command, with_pool("a b")) == filled);
  CHECK(names_in("# {other}\n{pool}") == std::vector<std::string>{"pool"});
}

TEST_CASE("behind a comment the shell takes a value as it is") {
  for (const auto* command :
       {"printf %s {pool} # it's\n", "# it's\nprintf %s \"{pool}\"", "true;# '\nprintf %s {pool}"})
    CHECK(output_of(fill_command(command, with_pool("a; 'b' \"$c"))) == "a; 'b' \"$c");
}

TEST_CASE("a name that is no axis is a fault, with the nearest one or the way out") {
  Service service;
  service.axes = {"axis.pool", "axis.workers"};
  const auto fault_of = [&](std::string before, std::string after = {}) {
    service.before = std::move(before);
    service.after = std::move(after);
    const auto checked = check_commands(service);
    return checked ? std::string() : checked.error().message;
  };
  CHECK(fault_of("POOL={pool} W={workers} ./restart", "./stop {pool}").empty());
  CHECK(fault_of("W={worker} ./restart") ==
        "--before names {worker}, which is no --axis; did you mean {workers}?");
  CHECK(fault_of("", "awk '{print}'") ==
        "--after names {print}, which is no --axis; write {{print}} for braces of the shell's own");
}

TEST_CASE("an axis that no command names is known") {
  Service service;
  service.axes = {"axis.pool", "axis.workers", "axis.colour"};
  service.before = "POOL={pool}";
  service.after = "{workers}";
  CHECK(axes_not_named(service) == std::vector<std::string>{"colour"});
}
