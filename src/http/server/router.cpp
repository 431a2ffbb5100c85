#include "http/server/router.hpp"

#include <algorithm>
#include <utility>

namespace troupe::http {

namespace {

std::string_view without_last_slash(std::string_view path) {
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

Response with_allow(Response response, const std::string& allow) {
  response.fields += "Allow: " + allow + "\r\n";
  return response;
}

}  // namespace

std::optional<std::chrono::milliseconds> Endpoint::timeout() const {
  if (resource != nullptr) return resource->resource.timeout;
  return query != nullptr ? query->query.timeout : std::nullopt;
}

Router::Router(std::vector<Endpoint> endpoints, ProblemForm form)
    : endpoints_(std::move(endpoints)), problem_form_(form) {
  for (std::size_t place = 0; place < endpoints_.size(); ++place) {
    const std::string_view path = endpoints_[place].path;
    const auto base = without_last_slash(path.substr(0, path.find("{")));
    const auto segments = static_cast<std::size_t>(std::ranges::count(path, '{'));
    auto& by_segments = nodes_[std::string(base)].by_segments;
    if (by_segments.size() <= segments) by_segments.resize(segments + 1);
    by_segments[segments].push_back(place);
    most_segments_ = std::max(most_segments_, segments);
  }
}

Router::Found Router::find(std::string_view path) const {
  path = without_last_slash(path);
  auto base = path;
  for (std::size_t segments = 0; segments <= most_segments_; ++segments) {
    const auto node = nodes_.find(base);
    if (node != nodes_.end() && segments < node->second.by_segments.size() &&
        !node->second.by_segments[segments].empty())
      return {&node->second.by_segments[segments], path.substr(std::min(base.size() + 1, path.size()))};
    const auto slash = base.rfind('/');
    if (slash == std::string_view::npos || slash + 1 == base.size())
      break;  // a segment of a key is not empty
    base = base.substr(0, slash);
  }
  return {};
}

/// The methods on a path as the Allow field lists them (RFC 9110 section 10.2.1); empty when there is nothing
/// at that path.
std::string Router::allowed_on(std::string_view path) const {
  std::vector<std::size_t> places;
  if (path == "*") {
    for (std::size_t place = 0; place < endpoints_.size(); ++place) places.push_back(place);
  } else if (const auto found = find(path); found.endpoints != nullptr) {
    places = *found.endpoints;
  }
  std::string allow;
  for (const auto place : places) {
    const auto name = name_of(endpoints_[place].method);
    if (allow.find(name) != std::string::npos) continue;
    allow += name;
    allow += endpoints_[place].method == Method::get ? ", HEAD, " : ", ";
  }
  return allow.empty() ? allow : allow + "OPTIONS";
}

std::optional<Response> Router::route(Exchange& exchange) const {
  exchange.router = this;
  const auto& request = exchange.request;
  const auto method = request.method == Method::head ? Method::get : request.method;
  if (const auto found = find(request.path); found.endpoints != nullptr) {
    for (const auto place : *found.endpoints) {
      if (endpoints_[place].method != method) continue;
      exchange.endpoint = &endpoints_[place];
      exchange.key_size = found.key.size();
      exchange.key_begin =
          found.key.empty() ? 0 : static_cast<std::size_t>(found.key.data() - request.path.data());
      return std::nullopt;
    }
  }
  // RFC 9110 section 9.1: a method nobody implements is 501, whatever the path.
  if (method == Method::other) return response_of(plain_problem(501, "this method is not implemented"));
  const auto allow = allowed_on(request.path);
  if (allow.empty()) return response_of(not_found("there is nothing at this path"));
  if (method == Method::options) return with_allow({204, {}, {}, {}}, allow);
  return with_allow(response_of(method_not_allowed(allow)), allow);
}

}  // namespace troupe::http
