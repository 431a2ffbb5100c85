#include "actors/database/connect_reasons.hpp"

#include <catch2/catch.hpp>

using namespace troupe::actors;

TEST_CASE("a reason why connecting fails is new once, until a connection works") {
  ConnectReasons reasons;
  CHECK(reasons.is_new("refused"));
  CHECK_FALSE(reasons.is_new("refused"));
  CHECK(reasons.is_new("starting up"));
  CHECK_FALSE(reasons.is_new("refused"));  // another actor's, or another host's
  reasons.connected();
  CHECK(reasons.is_new("refused"));
}

TEST_CASE("of reasons that are different each time only the last few are remembered") {
  ConnectReasons reasons;
  for (int i = 0; i < 100; ++i) CHECK(reasons.is_new("reason " + std::to_string(i)));
  CHECK_FALSE(reasons.is_new("reason 99"));
  CHECK(reasons.is_new("reason 0"));
}
