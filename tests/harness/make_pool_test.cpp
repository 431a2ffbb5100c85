#include "harness/make_pool.hpp"

#include <catch2/catch.hpp>

#include "harness/own_server.hpp"

using namespace troupe;

TEST_CASE("each server that is started gets a pool of stand-ins of its own, as large as its settings say") {
  const auto make_pool = harness::stand_in_pool({}, 1);
  for (const std::size_t size : {1, 3}) {
    Settings settings;
    settings.workers.count = 1;
    settings.database.pool_size = size;
    const auto own =
        harness::OwnServer::start(settings, harness::TransportKind::direct, make_pool, [] { return false; });
    REQUIRE(own.has_value());
    CHECK((*own)->pool().members().size() == size);
    CHECK((*own)->pool().ready() == size);
  }
}
