#pragma once

#include "http/server/outgoing_bytes.hpp"
#include "http/server/request.hpp"
#include "http/server/response.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// How a response is put on this connection.
struct RenderOptions {
  bool head_only = false;  ///< the request was HEAD: fields as for GET, no body
  bool http_1_0 = false;
  bool keep_alive = true;
};

/// The whole response as bytes. A large body is not copied.
OutgoingBytes render(Response response, const RenderOptions& options);

/// What the client is told when the parser (or a deadline) refuses its message.
Problem problem_of(const Rejection& rejection, const ServerSettings& settings);

}  // namespace troupe::http
