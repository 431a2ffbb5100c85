#include "http/server/failure_problem.hpp"

#include "actors/database/failure_status.hpp"

namespace troupe::http {

namespace {

// Over so many seconds those who were turned away come back: all at once they would meet a server that has
// just started.
constexpr std::uint64_t seconds_of_return = 3;

Problem problem_of_kind(actors::Failure::Kind kind, int status) {
  using Kind = actors::Failure::Kind;
  switch (kind) {
    case Kind::queue_full:
      return typed_problem(status, "queue-full", "Too many requests are waiting",
                           "the queue in front of the database is full");
    case Kind::database_away:
      return typed_problem(status, "database-away", "The database is away",
                           "the database cannot be reached now");
    case Kind::deadline_passed:
      return typed_problem(status, "deadline-passed", "The deadline passed",
                           "the request was not answered in the time it is given");
    case Kind::busy:
      return typed_problem(
          status, "busy", "Try again",
          "the database is short of resources, or these rows or their table are being changed");
    case Kind::rejected:
    case Kind::conflict:
    case Kind::forbidden:
    case Kind::internal:
      break;
  }
  return internal_error();
}

}  // namespace

bool is_refusal(actors::Failure::Kind kind) {
  using Kind = actors::Failure::Kind;
  return kind == Kind::rejected || kind == Kind::conflict || kind == Kind::forbidden;
}

Problem problem_of(const actors::Failure& failure, std::uint64_t turn) {
  auto problem = is_refusal(failure.kind)
                     ? internal_error()
                     : problem_of_kind(failure.kind, actors::http_status_of(failure.kind));
  constexpr int service_unavailable = 503;
  const bool passes = problem.status == service_unavailable;
  if (passes) {
    const bool away = failure.kind == actors::Failure::Kind::database_away;
    problem.retry_after = std::chrono::seconds(1 + (away ? turn % seconds_of_return : 0));
  }
  if (failure.outcome_unknown) {
    problem.outcome = "unknown";
    if (passes) problem.detail += "; the change may or may not have been made";
  }
  return problem;
}

}  // namespace troupe::http
