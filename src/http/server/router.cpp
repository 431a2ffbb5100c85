#include "http/server/router.hpp"

#include <charconv>

#include "http/server/http_stats.hpp"
#include "support/invariant.hpp"

namespace troupe::http {

namespace {

constexpr std::string_view id_part = "{id}";

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

std::string_view without_last_slash(std::string_view path) {
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

/// An id is a number from 0 up, in digits and nothing else.
std::optional<std::int64_t> id_in(std::string_view digits) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() || id < 0)
    return std::nullopt;
  return id;
}

/// Is `path` one that `pattern` stands for? Sets `id` if it holds one. A slash at the end makes no
/// difference.
bool matches(std::string_view pattern, std::string_view path, std::optional<std::int64_t>& id) {
  id.reset();
  path = without_last_slash(path);
  if (!pattern.ends_with(id_part)) return path == without_last_slash(pattern);
  pattern.remove_suffix(id_part.size());
  if (!path.starts_with(pattern)) return false;
  id = id_in(path.substr(pattern.size()));
  return id.has_value();
}

Response with_allow(Response response, const std::string& allow) {
  response.fields += "Allow: " + allow + "\r\n";
  return response;
}

}  // namespace

Router::Router(std::span<const Endpoint> endpoints) : endpoints_(endpoints) {
  TROUPE_INVARIANT(endpoints.size() < HttpStats::max_routes, "the statistics have a place for every route");
}

std::size_t Router::index_of(const Endpoint& endpoint) const {
  return static_cast<std::size_t>(&endpoint - endpoints_.data());
}

/// The methods on a path as the Allow field lists them (RFC 9110 section 10.2.1); empty when there is nothing
/// at that path.
std::string Router::allowed_on(std::string_view path) const {
  std::string allow;
  std::optional<std::int64_t> id;
  for (const auto& endpoint : endpoints_) {
    if (path != "*" && !matches(endpoint.path, path, id)) continue;
    const auto name = name_of(endpoint.method);
    if (allow.find(name) != std::string::npos) continue;
    allow += name;
    allow += endpoint.method == Method::get ? ", HEAD, " : ", ";
  }
  return allow.empty() ? allow : allow + "OPTIONS";
}

std::optional<Response> Router::route(Exchange& exchange) const {
  const auto& request = exchange.request;
  const auto method = request.method == Method::head ? Method::get : request.method;
  for (const auto& endpoint : endpoints_) {
    if (endpoint.method != method || !matches(endpoint.path, request.path, exchange.id)) continue;
    exchange.endpoint = &endpoint;
    return std::nullopt;
  }
  // RFC 9110 section 9.1: a method nobody implements is 501, whatever the path.
  if (method == Method::other) return response_of(plain_problem(501, "this method is not implemented"));
  const auto allow = allowed_on(request.path);
  if (allow.empty()) return response_of(not_found("there is nothing at this path"));
  if (method == Method::options) return with_allow({204, {}, {}, {}}, allow);
  return with_allow(response_of(method_not_allowed(allow)), allow);
}

}  // namespace troupe::http
