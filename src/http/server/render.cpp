#include "http/server/render.hpp"

#include "http/server/response_head.hpp"

namespace troupe::http {

std::string render(const Response& response, const RenderOptions& options) {
  std::string bytes;
  bytes.reserve(256 + response.fields.size() + response.body.size());
  append_response_head(bytes, response.status, response.content_type, response.body.size(),
                       options.keep_alive, options.http_1_0, response.fields);
  if (!options.head_only) bytes += response.body;
  return bytes;
}

Problem problem_of(const Rejection& rejection, const ServerSettings& settings) {
  switch (rejection.status) {
    case 408:
      return request_timeout(rejection.detail);
    case 413:
      return too_large(settings.body_limit);
    case 414:
      return uri_too_long(settings.target_limit);
    case 431:
      return header_too_large(settings.header_limit);
    default:
      return plain_problem(rejection.status, rejection.detail);
  }
}

}  // namespace troupe::http
