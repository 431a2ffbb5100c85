#include <boost/json/parse.hpp>
#include <chrono>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>
#include <set>

#include "actors/database/failure_status.hpp"
#include "http/server/failure_problem.hpp"

using namespace troupe::http;
using troupe::actors::Failure;
using troupe::actors::http_status_of;

TEST_CASE("each failure has the status of the one table, and a type and title of its own") {
  using Kind = Failure::Kind;
  const auto [kind, type, title] = GENERATE(table<Kind, std::string, std::string>({
      {Kind::queue_full, "urn:troupe:problem:queue-full", "Too many requests are waiting"},
      {Kind::database_away, "urn:troupe:problem:database-away", "The database is away"},
      {Kind::deadline_passed, "urn:troupe:problem:deadline-passed", "The deadline passed"},
      {Kind::internal, "about:blank", "Internal Server Error"},
  }));
  CAPTURE(type);
  const Problem problem = problem_of(Failure{kind, false});
  CHECK(problem.status == http_status_of(kind));
  CHECK(problem.type == type);
  CHECK(problem.title == title);
  CHECK_FALSE(problem.detail.empty());
  CHECK_FALSE(problem.outcome.has_value());
  // Only what passes with time is worth another try.
  CHECK(problem.retry_after.has_value() == (problem.status == 503));
}

TEST_CASE("a write whose outcome nobody knows is told as that") {
  const auto kind =
      GENERATE(Failure::Kind::database_away, Failure::Kind::deadline_passed, Failure::Kind::internal);
  const Problem problem = problem_of(Failure{kind, true});
  const auto json = boost::json::parse(to_json(problem));
  CHECK(json.at("outcome") == "unknown");
  CHECK((problem.retry_after == std::chrono::seconds(1)) == (kind != Failure::Kind::internal));
}

TEST_CASE("clients who were turned away by an outage are told to come back at different times") {
  std::set<std::chrono::seconds> told;
  for (std::uint64_t turn = 0; turn < 9; ++turn)
    told.insert(*problem_of(Failure{Failure::Kind::database_away, false}, turn).retry_after);
  CHECK(told == std::set{std::chrono::seconds(1), std::chrono::seconds(2), std::chrono::seconds(3)});
  CHECK(problem_of(Failure{Failure::Kind::queue_full, false}, 2).retry_after == std::chrono::seconds(1));
}

TEST_CASE("what the database refuses is no client's fault when no endpoint says so") {
  CHECK(problem_of(Failure{Failure::Kind::rejected, false}).status == 500);
}
