#include "http/server/response.hpp"

namespace troupe::http {

Response response_of(const Problem& problem) {
  Response response{problem.status, problem_content_type, {}, to_json(problem)};
  response.problem = std::make_shared<const Problem>(problem);
  if (problem.retry_after) {
    response.fields = "Retry-After: " + std::to_string(problem.retry_after->count()) + "\r\n";
  }
  return response;
}

}  // namespace troupe::http
