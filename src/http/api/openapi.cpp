#include "http/api/openapi.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "http/api/negotiation.hpp"
#include "http/api/openapi/calls.hpp"
#include "http/api/openapi/names.hpp"
#include "http/api/openapi/operations.hpp"
#include "http/api/openapi/parameters.hpp"
#include "http/api/openapi/responses.hpp"
#include "http/api/openapi/security.hpp"

#ifndef TROUPE_VERSION
#error "the build defines TROUPE_VERSION"
#endif

namespace troupe::http {
namespace {

namespace json = boost::json;

/// A path that answers GET with something other than rows.
json::object service_path(std::string_view id, std::string_view summary, std::string_view content_type,
                          std::initializer_list<std::string_view> errors) {
  const json::object answer = {{"description", summary}, {"content", {{content_type, json::object()}}}};
  return {{"get",
           {{"operationId", id},
            {"summary", summary},
            {"tags", json::array{"server"}},
            {"responses", with_errors({{"200", answer}}, errors)}}}};
}

/// The page has a version.
json::object docs_path() {
  auto path = service_path("docs", "This document as a page", "text/html", {});
  auto& operation = path["get"].as_object();
  operation["parameters"] =
      json::array{header_parameter("If-None-Match", "Versions that are known: 304 for one of them.", false)};
  auto& responses = operation["responses"].as_object();
  responses["200"].as_object()["headers"] = headers_of({"ETag"});
  responses["304"] = {{"description", "The page is of a version that is known."},
                      {"headers", headers_of({"ETag"})}};
  return path;
}

void add_service_paths(json::object& paths, bool metrics) {
  const auto json_type = content_type_of(ContentFormat::json);
  paths["/"] = service_path("index", "What there is", json_type, {"406"});
  paths["/health/live"] = service_path("live", "The process runs", json_type, {});
  paths["/health/ready"] = service_path("ready", "The database answers", json_type, {"500", "503"});
  if (metrics) paths["/metrics"] = service_path("metrics", "Metrics for Prometheus", "text/plain", {});
  paths["/openapi.json"] = service_path("openapi", "This document", json_type, {});
  paths["/docs"] = docs_path();
}

json::object info() {
  return {{"title", "Troupe"},
          {"version", TROUPE_VERSION},
          {"description",
           "Tables of PostgreSQL. Every path also works with its trailing slash added or taken away; every "
           "GET also as HEAD; every path answers OPTIONS. With the parameter fields, rows have only the "
           "members that it names. Members of bodies that are no columns are ignored. NaN, Infinity and "
           "-Infinity are strings in JSON; so are infinity and -infinity, for dates and times, and dates "
           "before Christ end in BC. Arrays within arrays are further dimensions. "
           "In MessagePack numeric values are strings, and bytea is bin."}};
}

}  // namespace

std::string openapi_document(std::span<const postgres::SharedResource> resources, std::size_t max_rows,
                             std::span<const postgres::SharedQuery> queries, const DocumentOptions& options) {
  const auto names = names_of(resources);
  json::object paths, schemas;
  json::array tags;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    const auto& resource = resources[i]->resource;
    const DescribedResource described{resource, names[i], max_rows, options.max_offset};
    add_paths(described, paths);
    add_schemas(described, schemas);
    json::object tag{{"name", resource.name}};
    if (!resource.comment.empty()) tag["description"] = resource.comment;
    tags.push_back(std::move(tag));
  }
  add_calls(queries, paths);
  if (!queries.empty()) tags.push_back(json::object{{"name", "queries"}});
  tags.push_back(json::object{{"name", "server"}});
  add_service_paths(paths, options.metrics);
  schemas["Fault"] = fault_schema();
  schemas["Problem"] = problem_schema();
  json::object document{
      {"openapi", "3.1.0"},
      {"info", info()},
      {"tags", std::move(tags)},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", std::move(schemas)}, {"headers", answer_headers()}, {"responses", error_responses()}}}};
  if (!options.guarded.empty()) add_security(options.guarded, document);
  return json::serialize(document);
}

}  // namespace troupe::http
