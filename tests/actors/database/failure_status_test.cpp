#include <catch2/catch.hpp>

#include "actors/database/failure_status.hpp"

using namespace troupe::actors;

TEST_CASE("a failure's status says whose fault it was, and whether to try again") {
  CHECK(http_status_of(Failure::Kind::queue_full) == 503);
  CHECK(http_status_of(Failure::Kind::database_away) == 503);
  CHECK(http_status_of(Failure::Kind::deadline_passed) == 503);
  CHECK(http_status_of(Failure::Kind::rejected) == 422);
  CHECK(http_status_of(Failure::Kind::internal) == 500);
}
