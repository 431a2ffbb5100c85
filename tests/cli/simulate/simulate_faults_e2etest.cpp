#include <algorithm>
#include <catch2/catch.hpp>

#include "helpers/server_process.hpp"

using namespace troupe::tests;
using Catch::Contains;

namespace {

Finished simulate_faults(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "simulate-faults");
  return run_troupe({.arguments = std::move(arguments)});
}

/// Sanitizers take their time. A slow machine has a minute for each of these parts.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int part = 10;
#else
constexpr int part = 50;
#endif
constexpr int parts = 4;

}  // namespace

TEST_CASE("nothing is lost in hundreds of worlds in which things break", "[world]") {
  std::string faults;
  for (int i = 0; i < parts; ++i) {
    const auto ran = simulate_faults(
        {"--seeds", std::to_string(part), "--from", std::to_string(1 + i * part), "--keep-going"});
    INFO(ran.out << ran.err);
    CHECK(ran.code == 0);
    CHECK_THAT(ran.out, Contains(std::to_string(part) + " seeds: ") &&
                            Contains("Nothing was lost, doubled, late, out of order or left over."));
    faults += ran.out.substr(ran.out.find("  faults: "));
  }
  for (const auto* kind : {"crash", "terminate", "cut connection", "read-only", "silence", "stall disk",
                           "cut client", "vanish client"})
    CHECK_THAT(faults, Contains(kind));
}

TEST_CASE("a seed is told message by message, twice the same", "[world]") {
  const auto once = simulate_faults({"--seed", "3", "--trace"});
  CHECK(once.code == 0);
  CHECK_THAT(once.out, Contains("workers") && Contains("ask ") && Contains("answer ") &&
                           Contains(": sends ") && Contains("commit "));
  CHECK(once.out == simulate_faults({"--seed", "3", "--trace"}).out);
}

TEST_CASE("no world is begun when the time is over, and what was seen is told", "[world]") {
  const auto ran = simulate_faults({"--time", "500ms", "--jobs", "1"});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains(" seeds: ") && Contains("Nothing was lost"));
}

TEST_CASE("mistakes on the command line are one line each", "[world]") {
  const auto [arguments, line] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"--seeds", "0"}, "--seeds"},
      {{"--seeds", "many"}, "--seeds"},
      {{"--trace"}, "--trace needs the --seed of a world"},
      {{"--time", "soon"}, "--time: "},
      {{"--sead", "1"}, "unknown flag --sead; did you mean --seed?"},
  }));
  const auto ran = simulate_faults(arguments);
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  CHECK_THAT(ran.err, Contains(line));
}
