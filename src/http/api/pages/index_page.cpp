#include "http/api/pages/index_page.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "http/api/pages/html.hpp"
#include "http/api/pages/page_frame.hpp"
#include "support/json_string.hpp"

namespace troupe::http {
namespace {

/// A path with what is served there and below it.
struct Place {
  std::string path, name, comment;
  std::vector<std::string> methods;
};

struct Index {
  std::vector<Place> resources, queries, server;
};

/// Of the server's own, in the order in which they are told.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> own_paths = {
    {{"/docs", "The API, to read and to try"},
     {"/openapi.json", "The same for programs"},
     {"/metrics", "For Prometheus"},
     {"/health/live", "The process runs"},
     {"/health/ready", "The database answers"}}};

Place& place_at(std::vector<Place>& places, std::string_view path) {
  const auto found = std::ranges::find(places, path, &Place::path);
  if (found != places.end()) return *found;
  return places.emplace_back(Place{std::string(path), {}, {}, {}});
}

/// Of what is at a path of the server's own, and may be called with these roles.
bool may_see(const Router& router, std::string_view path, std::uint64_t roles) {
  return std::ranges::any_of(router.endpoints(), [&](const Endpoint& endpoint) {
    return endpoint.path == path && endpoint.allows(roles);
  });
}

Index index_of(const Router& router, std::uint64_t roles) {
  Index index;
  for (const auto& [path, comment] : own_paths) {
    if (!may_see(router, path, roles)) continue;
    auto& place = place_at(index.server, path);
    place.name = path.substr(1);
    place.comment = comment;
    place.methods = {"GET"};
  }
  for (const auto& endpoint : router.endpoints()) {
    if ((endpoint.resource == nullptr && endpoint.query == nullptr) || !endpoint.allows(roles)) continue;
    const bool query = endpoint.query != nullptr;
    auto& place = query ? place_at(index.queries, endpoint.path)
                        : place_at(index.resources, endpoint.resource->resource.path);
    place.name = query ? endpoint.query->query.name : endpoint.resource->resource.name;
    place.comment = query ? endpoint.query->query.comment : endpoint.resource->resource.comment;
    auto method = endpoint.name.substr(0, endpoint.name.find(' '));
    if (std::ranges::find(place.methods, method) == place.methods.end())
      place.methods.push_back(std::move(method));
  }
  return index;
}

void append_member(std::string_view name, std::string_view text, std::string& out) {
  append_json_string(name, out);
  out += ':';
  append_json_string(text, out);
  out += ',';
}

void append_places(std::string_view name, const std::vector<Place>& places, std::string_view base_url,
                   std::string& out) {
  append_json_string(name, out);
  out += ":[";
  for (const auto& place : places) {
    if (&place != places.data()) out += ',';
    out += '{';
    append_member("name", place.name, out);
    append_member("path", place.path, out);
    append_member("url", std::string(base_url) + place.path, out);
    out += "\"methods\":[";
    for (const auto& method : place.methods) {
      if (&method != place.methods.data()) out += ',';
      append_json_string(method, out);
    }
    out += "]}";
  }
  out += ']';
}

void append_rows(const std::vector<Place>& places, std::string_view what, std::string& out) {
  out.append("<div class=scroll><table class=\"rows index\"><thead><tr><th scope=col>").append(what);
  out += "<th scope=col>methods<th scope=col></thead><tbody>\n";
  for (const auto& place : places) {
    out += "<tr><td><a href=\"";
    append_html(place.path, out);
    out += "\">";
    append_html(place.name, out);
    out += "</a><td>";
    for (const auto& method : place.methods) out += method + ' ';
    out += "<td>";
    append_html(place.comment, out);
    out += '\n';
  }
  out += "</table></div>\n";
}

}  // namespace

std::string index_json(const Router& router, std::string_view base_url, std::uint64_t roles) {
  const auto index = index_of(router, roles);
  std::string out(1, '{');
  append_places("resources", index.resources, base_url, out);
  out += ',';
  append_places("queries", index.queries, base_url, out);
  out += ',';
  append_places("server", index.server, base_url, out);
  return out + '}';
}

std::string index_page(const Router& router, std::uint64_t roles) {
  const auto index = index_of(router, roles);
  std::string out;
  begin_page("Troupe", {}, out);
  append_heading("What there is", {}, out);
  append_rows(index.resources, "resource", out);
  if (!index.queries.empty()) append_rows(index.queries, "query", out);
  append_rows(index.server, "server", out);
  if (router.access() != nullptr) out += "<p><a href=\"/login\">Log in or out</a></p>\n";
  end_page(out);
  return out;
}

}  // namespace troupe::http
