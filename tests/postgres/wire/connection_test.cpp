#include <catch2/catch.hpp>

#include "postgres/wire/connection.hpp"
#include "postgres/wire/error_text.hpp"

using namespace troupe;
using postgres::Connection;

TEST_CASE("a malformed database URL is refused in one line that holds no password") {
  const auto conninfo =
      GENERATE(as<std::string>{}, "postgresql://user:hunter2@host:port:1/db?x", "host=a password=my hunter2",
               "postgresql://u@[::1/hunter2", "password=x hunter2=y", "host=a password='hunter2",
               "postgresql://u:%hunter2@h/db", "postgresql://h/db?password=x&hunter2",
               "postgresql://h/db?sslpassword=x=hunter2", "postgresql://h/db?p%61ssword=%hunter2",
               "postgresql://u:x@[::1]hunter2@h/db");
  CAPTURE(conninfo);
  const auto connection = Connection::start(conninfo);
  REQUIRE(connection.has_error());
  CHECK(connection.error().code == ErrorCode::invalid_argument);
  CHECK(connection.error().message.find("hunter2") == std::string::npos);
  CHECK(connection.error().message.find('\n') == std::string::npos);
}

TEST_CASE("a misspelt connection option is named") {
  const auto connection = Connection::start("hots=localhost");
  REQUIRE(connection.has_error());
  CHECK(connection.error().message == "malformed database URL: invalid connection option \"hots\"");
}

TEST_CASE("a server that is not there is told by poll, as unavailable") {
  auto connection = Connection::start("host=/nonexistent user=u password=hunter2 dbname=d");
  REQUIRE(connection.has_value());
  const auto waits = connection->poll();
  REQUIRE(waits.has_error());
  CHECK(waits.error().code == ErrorCode::unavailable);
  CHECK_THAT(waits.error().message, Catch::Contains("/nonexistent") && !Catch::Contains("hunter2"));
  CHECK(waits.error().message.find('\n') == std::string::npos);
}

TEST_CASE("a server that cannot be reached is told without pieces of a wrongly written password") {
  const auto conninfo =
      GENERATE(as<std::string>{}, "postgresql://user:hunter2/x@host/db", "postgresql://u:p@hunter2@host/db",
               "postgresql://u:hunter2/db", "postgresql://u:1/hunter2@127.0.0.1/db",
               "postgresql://127.0.0.1:1/db?sslmode=hunter2@x", "postgresql://u:p@\"hunter2/x@host/db",
               "postgresql:///db?host=/nowhere&password=hunter2", "host=/nowhere password='hunter2 x'");
  CAPTURE(conninfo);
  auto connection = Connection::start(conninfo);
  REQUIRE(connection.has_value());
  auto waits = connection->poll();
  while (waits.has_value() && *waits != Connection::Waits::nothing) waits = connection->poll();
  REQUIRE(waits.has_error());
  CHECK(waits.error().code == ErrorCode::unavailable);
  CHECK_THAT(waits.error().message, !Catch::Contains("hunter2"));
}

TEST_CASE("text of several lines becomes one, without trailing period") {
  CHECK(postgres::one_line("a\n\tb  c.\n d\n") == "a: b c. d");
  CHECK(postgres::one_line("") == "");
}
