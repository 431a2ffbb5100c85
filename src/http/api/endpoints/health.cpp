#include "http/api/endpoints/endpoints.hpp"
#include "http/server/failure_problem.hpp"

namespace troupe::http {

namespace {

Response status_response(std::string_view status) {
  return {200, "application/json", "Cache-Control: no-store\r\n",
          "{\"status\":\"" + std::string(status) + "\"}"};
}

}  // namespace

// Live: this process answers. It says nothing of the database, or a database outage would have healthy
// processes killed.
Step begin_health_live(Exchange&, const ServerContext&) {
  return status_response("live");
}

// Ready: a connection to PostgreSQL works. The database actors ask idle ones every second, so nobody who
// wants to know waits behind users.
Step begin_health_ready(Exchange&, const ServerContext& asked) {
  const auto& context = asked.subject();
  if (context.leaving || context.draining)
    return response_of(plain_problem(503, "the server is shutting down"));
  if (!context.pool->any_ready())
    return response_of(problem_of(actors::Failure{actors::Failure::Kind::database_away}));
  return status_response("ready");
}

}  // namespace troupe::http
