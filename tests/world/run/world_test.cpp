#include "world/run/world.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "world/run/children.hpp"

using namespace troupe;
using namespace troupe::world;

namespace {

WorldReport run(std::uint64_t seed, bool with_faults) {
  auto faults = with_faults ? schedule(seed, configure(seed).load_time) : std::vector<Fault>{};
  return run_in_child({seed, std::move(faults), {}}, std::chrono::seconds(60));
}

}  // namespace

TEST_CASE("without faults nothing is wrong") {
  const auto report = run(GENERATE(range(std::uint64_t{1}, std::uint64_t{6})), false);
  for (const auto& what : report.wrong) CHECK(what == "");
  CHECK(report.requests > 0);
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
