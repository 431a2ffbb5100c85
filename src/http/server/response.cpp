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

void keep_from_shared_caches(Response& response) {
  if (response.fields.find("Cache-Control:") == std::string::npos)
    response.fields += "Cache-Control: private\r\n";
}

}  // namespace troupe::http
