#include <catch2/catch.hpp>

#include "postgres/cluster/server_binaries.hpp"

using namespace troupe;
using namespace troupe::postgres;

TEST_CASE("without a PostgreSQL server the error names the package and the alternative") {
  const std::vector<std::filesystem::path> empty = {"/nonexistent", "/etc"};
  const auto found = find_server(empty, std::nullopt);
  REQUIRE(found.has_error());
  CHECK(found.error().code == ErrorCode::unavailable);
  CHECK_THAT(found.error().message, Catch::Contains("`postgresql`") && Catch::Contains("--database-url"));
}

TEST_CASE("the installed PostgreSQL server is found with its version") {
  const auto found = find_server(server_search_path(), std::nullopt);
  REQUIRE(found.has_value());
  CHECK(found->major_version >= 13);
  CHECK(find_server(server_search_path(), found->major_version).has_value());
}

TEST_CASE("a cluster of a version that is not installed is refused with both versions") {
  const auto found = find_server(server_search_path(), 9);
  REQUIRE(found.has_error());
  CHECK(found.error().code == ErrorCode::invalid_argument);
  CHECK_THAT(found.error().message, Catch::Contains("postgresql-9 ") && Catch::Contains("installed is 1"));
}
