#include "http/server/routes.hpp"

#include <charconv>

#include "http/api/endpoints/endpoints.hpp"

namespace troupe::http {

namespace {

const Endpoint table[] = {
    {Method::post, "/items/", "POST /items/", begin_create_item, finish_create_item},
    {Method::get, "/items/", "GET /items/", begin_list_items, finish_list_items},
    {Method::get, "/items/{id}", "GET /items/{id}", begin_get_item, finish_with_item},
    {Method::put, "/items/{id}", "PUT /items/{id}", begin_replace_item, finish_with_item},
    {Method::patch, "/items/{id}", "PATCH /items/{id}", begin_change_item, finish_with_item},
    {Method::delete_, "/items/{id}", "DELETE /items/{id}", begin_delete_item, finish_delete_item},
    {Method::get, "/health/live", "GET /health/live", begin_health_live, nullptr},
    {Method::get, "/health/ready", "GET /health/ready", begin_health_ready, finish_health_ready},
    {Method::get, "/metrics", "GET /metrics", begin_metrics, nullptr},
    {Method::get, "/openapi.json", "GET /openapi.json", begin_openapi, nullptr},
};
static_assert(std::size(table) < HttpStats::max_routes);

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::delete_:
      return "DELETE";
    default:
      return "";
  }
}

// A path as the table writes it, and the id in it. Percent-encoded letters are not decoded: no path of ours
// needs any.
struct MatchedPath {
  std::string_view path;
  std::optional<std::int64_t> id;
};

MatchedPath match_path(std::string_view path) {
  constexpr std::string_view items = "/items";
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path == items) return {"/items/", std::nullopt};
  if (!path.starts_with(items) || path[items.size()] != '/') return {path, std::nullopt};
  const auto digits = path.substr(items.size() + 1);
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() || id < 0) return {};
  return {"/items/{id}", id};
}

// The methods of a path as the Allow field lists them (RFC 9110 section 10.2.1); empty when there is no such
// path.
std::string allowed_on(std::string_view path) {
  std::string allow;
  for (const auto& endpoint : table) {
    if (path != "*" && endpoint.path != path) continue;
    const auto name = name_of(endpoint.method);
    if (allow.find(name) != std::string::npos) continue;
    allow += name;
    allow += endpoint.method == Method::get ? ", HEAD, " : ", ";
  }
  return allow.empty() ? allow : allow + "OPTIONS";
}

Response with_allow(Response response, const std::string& allow) {
  response.fields += "Allow: " + allow + "\r\n";
  return response;
}

}  // namespace

std::span<const Endpoint> endpoints() {
  return table;
}

std::size_t index_of(const Endpoint& endpoint) {
  return static_cast<std::size_t>(&endpoint - table);
}

std::optional<Response> route(Exchange& exchange) {
  const auto& request = exchange.request;
  const auto matched = match_path(request.path);
  const auto method = request.method == Method::head ? Method::get : request.method;
  for (const auto& endpoint : table) {
    if (endpoint.method != method || endpoint.path != matched.path) continue;
    exchange.endpoint = &endpoint;
    exchange.id = matched.id;
    return std::nullopt;
  }
  // RFC 9110 section 9.1: a method nobody implements is 501, whatever the path.
  if (method == Method::other) return response_of(plain_problem(501, "this method is not implemented"));
  const auto allow = allowed_on(matched.path);
  if (allow.empty()) return response_of(not_found("there is nothing at this path"));
  if (method == Method::options) return with_allow({204, {}, {}, {}}, allow);
  return with_allow(response_of(method_not_allowed(allow)), allow);
}

}  // namespace troupe::http
