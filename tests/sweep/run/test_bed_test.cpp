#include <catch2/catch.hpp>
#include <regex>
#include <string>

#include "support/git_commit.hpp"
#include "sweep/run/test_bed.hpp"

using namespace troupe::sweep;

TEST_CASE("the test bed names this machine, the program's version and its commit") {
  const auto test_bed = this_test_bed();
  CHECK(test_bed.host.cpus > 0);
  CHECK(test_bed.host.memory_bytes > 0);
  CHECK_THAT(test_bed.host.kernel, Catch::StartsWith("Linux "));
  CHECK(test_bed.versions.at("troupe") == TROUPE_VERSION);
  CHECK(test_bed.versions.at("git_commit") == troupe::git_commit);
  CHECK(test_bed.versions.count("postgresql") == 0);
}

TEST_CASE("the commit is a hash, or said to be unknown") {
  CHECK(std::regex_match(std::string(troupe::git_commit), std::regex("[0-9a-f]{7,40}(-dirty)?|unknown")));
}

TEST_CASE("a PostgreSQL that is away is an error and changes nothing") {
  TestBed test_bed;
  const auto added = add_postgresql(test_bed, "host=127.0.0.1 port=1 dbname=x", std::chrono::seconds(5));
  REQUIRE(added.has_error());
  CHECK(test_bed.versions.empty());
  CHECK(test_bed.postgresql_settings.empty());
}
