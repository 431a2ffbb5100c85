#include "http/api/openapi/security.hpp"

#include <boost/json/array.hpp>
#include <string>

#include "http/api/openapi/responses.hpp"
#include "http/auth/rules.hpp"

namespace troupe::http {
namespace {

namespace json = boost::json;

json::object schemes() {
  return {{"bearer",
           {{"type", "http"},
            {"scheme", "bearer"},
            {"description", "A key of this server's, or a token (JWT) of an issuer that it knows."}}},
          {"key", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-API-Key"}}}};
}

/// Any one of these is enough; an empty object is nothing.
json::array needed_for(const Endpoint& endpoint) {
  json::array any;
  if (endpoint.operation == Operation::open) return any;
  if (endpoint.allows(Rules::everybody)) any.push_back(json::object());
  any.push_back(json::object{{"bearer", json::array()}});
  any.push_back(json::object{{"key", json::array()}});
  return any;
}

std::string_view key_of(Method method) {
  switch (method) {
    case Method::post:
      return "post";
    case Method::put:
      return "put";
    case Method::patch:
      return "patch";
    case Method::delete_:
      return "delete";
    default:
      return "get";
  }
}

/// Null: it is not described.
json::object* operation_of(const Endpoint& endpoint, json::object& paths) {
  auto* path = paths.if_contains(endpoint.path);
  auto* operation = path == nullptr ? nullptr : path->as_object().if_contains(key_of(endpoint.method));
  return operation == nullptr ? nullptr : &operation->as_object();
}

}  // namespace

void add_security(std::span<const Endpoint> endpoints, json::object& document) {
  auto& components = document["components"].as_object();
  components["securitySchemes"] = schemes();
  add_refusals(components["responses"].as_object());
  for (const auto& endpoint : endpoints) {
    auto* operation = operation_of(endpoint, document["paths"].as_object());
    if (operation == nullptr) continue;
    (*operation)["security"] = needed_for(endpoint);
    if (endpoint.operation == Operation::open) continue;
    auto& responses = (*operation)["responses"].as_object();
    for (const std::string status : {"401", "403"})
      responses[status] = {{"$ref", "#/components/responses/" + status}};
  }
}

}  // namespace troupe::http
