#include "http/server/render.hpp"

#include <memory>
#include <utility>

#include "http/server/response_head.hpp"
#include "http/server/spare_memory.hpp"

namespace troupe::http {

namespace {

/// Up to here one buffer, with the body copied into it, costs less than two.
constexpr std::size_t max_copied_body = 4 * 1024;

}  // namespace

OutgoingBytes render(Response response, const RenderOptions& options) {
  const std::string& body = response.shared_body ? *response.shared_body : response.body;
  const bool copied = !options.head_only && body.size() <= max_copied_body;
  OutgoingBytes bytes;
  bytes.head = spare_memory().borrow();
  bytes.head.reserve(256 + response.fields.size() + (copied ? body.size() : 0));
  append_response_head(bytes.head, response.status, response.content_type, body.size(), options.keep_alive,
                       options.http_1_0, response.fields);
  if (copied) {
    bytes.head += body;
  } else if (!options.head_only) {
    bytes.body = response.shared_body ? std::move(response.shared_body)
                                      : std::make_shared<const std::string>(std::move(response.body));
  }
  spare_memory().give_back(std::move(response.body));
  spare_memory().give_back(std::move(response.fields));
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
    case 503:
      return memory_used_up();
    default:
      return plain_problem(rejection.status, rejection.detail);
  }
}

}  // namespace troupe::http
