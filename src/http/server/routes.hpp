#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "actors/database/messages.hpp"
#include "http/server/exchange.hpp"
#include "http/server/response.hpp"
#include "http/server/server_context.hpp"

namespace troupe::http {

/// What an endpoint makes of a request: the answer, or what to ask the database first.
using Step = std::variant<Response, actors::Command>;

/// One operation of the API: a method on a path. A file in endpoints/ each.
struct Endpoint {
  Method method;
  std::string_view path;  ///< as OpenAPI writes it: /items/{id}
  std::string_view name;  ///< the route's label in metrics
  Step (*begin)(Exchange& exchange, const ServerContext& context);
  /// Makes the answer of what the database said; null when `begin` always answers. A Failure never comes
  /// here.
  Response (*finish)(Exchange& exchange, actors::Outcome outcome);
};

/// All endpoints, in a fixed order: an endpoint's place is its index in HttpStats.
std::span<const Endpoint> endpoints();
std::size_t index_of(const Endpoint& endpoint);

/// Finds the endpoint for the exchange's request and sets `endpoint` and `id`; else the answer: 404, 405 with
/// Allow, 501, or that to OPTIONS.
std::optional<Response> route(Exchange& exchange);

}  // namespace troupe::http
