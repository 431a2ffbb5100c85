#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "actors/database/messages.hpp"
#include "http/server/exchange.hpp"
#include "http/server/response.hpp"

namespace troupe::http {

struct ServerContext;

/// What an endpoint makes of a request: the answer, or what to ask the database first.
using Step = std::variant<Response, actors::Command>;

/// One operation of the API: a method on a path.
struct Endpoint {
  Method method;
  std::string_view path;  ///< as OpenAPI writes it: /items/{id}
  std::string_view name;  ///< the route's label in metrics
  Step (*begin)(Exchange& exchange, const ServerContext& context);
  /// Makes the answer of what the database said; null when `begin` always answers. A Failure never comes
  /// here.
  Response (*finish)(Exchange& exchange, const actors::Outcome& outcome);
  /// What the client is told when the database's own rules refuse what it sent (Failure::rejected); null when
  /// nothing of the client's goes there.
  Problem (*rejected)() = nullptr;
};

/// Finds the endpoint of a request in a table that it is given, and knows no path of its own. A path of the
/// table may end in "{id}", which stands for a number from 0 up. Immutable; from any thread.
class Router {
 public:
  Router() = default;
  /// `endpoints`: fewer than HttpStats::max_routes; they outlive the router.
  explicit Router(std::span<const Endpoint> endpoints);

  std::span<const Endpoint> endpoints() const { return endpoints_; }
  /// An endpoint's place in the table, which is its index in HttpStats.
  std::size_t index_of(const Endpoint& endpoint) const;

  /// Finds the endpoint for the exchange's request and sets `endpoint` and `id`; else the answer: 404, 405
  /// with Allow, 501, or that to OPTIONS.
  std::optional<Response> route(Exchange& exchange) const;

 private:
  std::string allowed_on(std::string_view path) const;

  std::span<const Endpoint> endpoints_;
};

}  // namespace troupe::http
