#pragma once

#include <cstddef>

#include "http/server/request.hpp"
#include "http/server/response.hpp"
#include "http/server/server_context.hpp"

namespace troupe::http {

/// Adds to an answer, of whatever status, what is not its endpoint's concern: the request's id, its trace,
/// and what browsers want to know of other origins. Judges the request's notes on the way: what cannot be
/// taken up is removed from them. `worker`: whose thread makes the answer.
void add_answer_fields(ServerContext& context, std::size_t worker, Request& request, Response& response);

/// Must `add_answer_fields` be called? For most requests, not.
inline bool wants_answer_fields(const ServerContext& context, const Request& request) {
  const auto& noted = context.noted;
  return request.notes != nullptr || noted.log || noted.cors || noted.trace;
}

/// A browser asks what a page of an allowed origin may ask (the Fetch standard, CORS-preflight): it never
/// shows who it is.
inline bool is_preflight(const ServerContext& context, const Request& request) {
  return request.method == Method::options && context.noted.cors && request.notes != nullptr &&
         !request.notes->wanted_method.empty() && context.cors.allows(request.origin);
}

}  // namespace troupe::http
