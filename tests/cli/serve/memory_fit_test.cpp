#include "cli/serve/memory_fit.hpp"

#include <catch2/catch.hpp>

using namespace troupe;

TEST_CASE("limits that would take more than half of a container's memory are told") {
  Settings settings;
  settings.server.memory_limit = 64 << 20;
  settings.database.outage_memory = 16 << 20;
  CHECK_FALSE(cli::memory_that_does_not_fit(settings, std::nullopt));
  CHECK_FALSE(cli::memory_that_does_not_fit(settings, 160 << 20));
  const auto told = cli::memory_that_does_not_fit(settings, (160 << 20) - 1);
  REQUIRE(told);
  for (const auto* part : {"server.memory_limit", "database.outage_memory", "80MiB"})
    CHECK(told->find(part) != std::string::npos);
  CHECK(told->find('\n') == std::string::npos);
}
