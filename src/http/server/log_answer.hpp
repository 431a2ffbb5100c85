#pragma once

#include <boost/asio/ip/address.hpp>
#include <string_view>

#include "actors/runtime/worker.hpp"
#include "http/server/request.hpp"
#include "http/server/response.hpp"
#include "http/server/server_context.hpp"

namespace troupe::http {

/// Who asked, and what was reached.
struct AnsweredRequest {
  const Request& request;  ///< as far as it could be read
  boost::asio::ip::address client;
  std::string_view caller;  ///< empty: nobody in particular
  std::string_view route;   ///< empty: none
};

/// A line in the access log, when there is one. To be called before the answer is made into bytes; `took`:
/// from the request's first byte. On the thread that makes the answer for the worker `home`.
void log_answer(const ServerContext& context, actors::Worker& home, const AnsweredRequest& answered,
                const Response& response, Duration took);

}  // namespace troupe::http
