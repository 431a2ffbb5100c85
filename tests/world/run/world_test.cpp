#include "world/run/world.hpp"

#include <spdlog/spdlog.h>

#include <catch2/catch.hpp>
#include <set>

using namespace troupe;
using namespace troupe::world;

namespace {

WorldReport run(std::uint64_t seed, bool with_faults) {
  const auto level = spdlog::get_level();
  spdlog::set_level(spdlog::level::off);
  World world({seed, with_faults ? schedule(seed, configure(seed).load_time) : std::vector<Fault>{}, {}});
  auto report = world.run();
  spdlog::set_level(level);
  REQUIRE(world.can_end());
  return report;
}

}  // namespace

TEST_CASE("without faults nobody is refused for the server's sake, and nothing is wrong") {
  const auto report = run(GENERATE(range(std::uint64_t{1}, std::uint64_t{6})), false);
  for (const auto& what : report.wrong) CHECK(what == "");
  CHECK(report.requests > 0);
  CHECK(report.answers.count("no answer") == 0);
  CHECK(report.answers.count("500") == 0);
}

TEST_CASE("the same seed makes the same run, and another one another") {
  std::set<std::uint64_t> digests;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto first = run(seed, true), second = run(seed, true);
    CAPTURE(seed);
    CHECK(first.digest == second.digest);
    CHECK(first.requests == second.requests);
    CHECK(first.commits == second.commits);
    digests.insert(first.digest);
  }
  CHECK(digests.size() == 4);
}
