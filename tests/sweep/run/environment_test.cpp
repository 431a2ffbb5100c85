#include <catch2/catch.hpp>
#include <regex>
#include <string>

#include "support/git_commit.hpp"
#include "sweep/run/environment.hpp"

using namespace troupe::sweep;

TEST_CASE("the environment names this machine, the program's version and its commit") {
  const auto environment = this_environment();
  CHECK(environment.host.cpus > 0);
  CHECK(environment.host.memory_bytes > 0);
  CHECK_THAT(environment.host.kernel, Catch::StartsWith("Linux "));
  CHECK(environment.versions.at("troupe") == TROUPE_VERSION);
  CHECK(environment.versions.at("git_commit") == troupe::git_commit);
  CHECK(environment.versions.count("postgresql") == 0);
}

TEST_CASE("the commit is a hash, or said to be unknown") {
  CHECK(std::regex_match(std::string(troupe::git_commit), std::regex("[0-9a-f]{7,40}(-dirty)?|unknown")));
}

TEST_CASE("a PostgreSQL that is away is an error and changes nothing") {
  Environment environment;
  const auto added = add_postgresql(environment, "host=127.0.0.1 port=1 dbname=x", std::chrono::seconds(5));
  REQUIRE(added.has_error());
  CHECK(environment.versions.empty());
  CHECK(environment.postgresql_settings.empty());
}
