#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <memory>

#include "http/server/request.hpp"
#include "http/server/response.hpp"
#include "support/time.hpp"

namespace troupe::http {

class Session;

/// Session to connection actor: a request is whole.
struct HttpRequest {
  std::shared_ptr<Session> session;
  Request request;
  TimePoint started{};  ///< its first byte was read
  TimePoint parsed{};   ///< its last byte was parsed
};

/// To a connection actor: the answer to the exchange that waits with this ticket (see Later).
struct LateAnswer {
  std::size_t ticket = 0;
  Response response;
};

}  // namespace troupe::http

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::http::LateAnswer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::http::HttpRequest)
