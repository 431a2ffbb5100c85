#include "http/api/endpoints/endpoints.hpp"

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

// Ready: one round trip to PostgreSQL came back. A failed one is answered like any other failure, with 503.
Step begin_health_ready(Exchange&, const ServerContext& context) {
  if (context.draining) return response_of(plain_problem(503, "the server is shutting down"));
  return actors::Command{};
}

Response finish_health_ready(Exchange&, const actors::Outcome&) {
  return status_response("ready");
}

}  // namespace troupe::http
