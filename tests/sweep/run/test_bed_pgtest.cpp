#include <catch2/catch.hpp>
#include <chrono>

#include "helpers/shared_cluster.hpp"
#include "postgres/wire/blocking_session.hpp"
#include "sweep/run/test_bed.hpp"

using namespace troupe;
using namespace std::chrono_literals;

TEST_CASE("the server's version and the settings that decide its speed are told as SHOW prints them") {
  const auto conninfo = tests::fresh_database();
  sweep::TestBed test_bed;
  REQUIRE(sweep::add_postgresql(test_bed, conninfo, 30s).has_value());
  auto session = postgres::BlockingSession::open(conninfo, 30s).value();
  const auto show = [&](const std::string& name) {
    const auto outcome = session.run("SHOW " + name).value();
    return std::string(std::get<postgres::Rows>(outcome).text(0, 0));
  };
  CHECK(test_bed.versions.at("postgresql") == show("server_version"));
  CHECK(test_bed.postgresql_settings.count("server_version") == 0);
  for (const std::string name :
       {"shared_buffers", "max_connections", "fsync", "synchronous_commit", "full_page_writes", "wal_level",
        "max_wal_size", "work_mem", "effective_cache_size", "jit", "autovacuum"}) {
    CAPTURE(name);
    REQUIRE(test_bed.postgresql_settings.count(name) == 1);
    CHECK(test_bed.postgresql_settings.at(name) == show(name));
  }
}
