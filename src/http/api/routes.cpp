#include "http/api/routes.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "http/api/docs_page.hpp"
#include "http/api/endpoints/endpoints.hpp"
#include "http/api/openapi.hpp"
#include "http/api/pages/assets.hpp"
#include "http/api/pages/problem_page.hpp"
#include "http/api/pages/resource_pages.hpp"
#include "http/api/row_paths.hpp"

namespace troupe::http {
namespace {

void add_resource(const std::shared_ptr<const ResourcePages>& pages, std::size_t max_rows,
                  std::vector<Endpoint>& endpoints) {
  const auto& resource = pages->resource();
  const auto add = [&](bool allowed, const char* method_name, const std::string& path, Endpoint endpoint) {
    if (!allowed) return;
    endpoint.path = path;
    endpoint.name = std::string(method_name) + ' ' + path;
    endpoint.resource = pages->served;
    endpoint.pages = pages;
    endpoint.max_rows = max_rows;
    endpoints.push_back(std::move(endpoint));
  };
  const auto& can = resource.methods;
  add(can.create, "POST", resource.path,
      {Method::post, {}, {}, begin_create_rows, finish_create_rows, refused_change});
  add(can.list, "GET", resource.path, {Method::get, {}, {}, begin_list_rows, finish_list_rows, refused_list});
  if (resource.key.empty()) return;
  const auto row = row_path_of(resource);
  add(can.read, "GET", row, {Method::get, {}, {}, begin_read_row, finish_read_row, refused_read_of_row});
  add(can.replace, "PUT", row,
      {Method::put, {}, {}, begin_replace_row, finish_replace_row, refused_replacement});
  add(can.change, "PATCH", row, {Method::patch, {}, {}, begin_change_row, finish_change_row, refused_change});
  add(can.remove, "DELETE", row,
      {Method::delete_, {}, {}, begin_remove_row, finish_remove_row, refused_change});
}

std::vector<Endpoint> own_endpoints(bool metrics) {
  std::vector<Endpoint> endpoints{
      {Method::get, "/health/live", "GET /health/live", begin_health_live},
      {Method::get, "/health/ready", "GET /health/ready", begin_health_ready},
      {Method::get, "/openapi.json", "GET /openapi.json", begin_document},
      {Method::get, "/docs", "GET /docs", begin_docs},
      {Method::get, "/", "GET /", begin_index},
      {Method::get, script_path(), "GET /pages/script", begin_script},
      {Method::get, style_path(), "GET /pages/style", begin_style},
      {Method::get, script_path_of(docs_page.script), "GET /pages/docs-script", begin_docs_script},
      {Method::get, style_path_of(docs_page.style), "GET /pages/docs-style", begin_docs_style},
  };
  if (metrics) endpoints.push_back({Method::get, "/metrics", "GET /metrics", begin_metrics});
  return endpoints;
}

Endpoint endpoint_of(const postgres::SharedQuery& served) {
  const auto& query = served->query;
  Endpoint endpoint{
      query.write ? Method::post : Method::get, query.path, {}, {}, finish_call_query, refused_call};
  endpoint.begin = query.write ? begin_call_writing_query : begin_call_query;
  endpoint.name = (query.write ? "POST " : "GET ") + query.path;
  endpoint.query = served;
  return endpoint;
}

/// Whether the path is none of ours.
bool is_free(const std::vector<Endpoint>& own, const char* what, const std::string& name,
             const std::string& path) {
  const bool ours =
      std::ranges::any_of(own, [&](const Endpoint& endpoint) { return endpoint.path + '/' == path; });
  if (ours) spdlog::warn("{} {} is not served: {} is a path of the server's own", what, name, path);
  return !ours;
}

}  // namespace

Router api_router(std::span<const postgres::SharedResource> resources, std::size_t max_rows,
                  std::span<const postgres::SharedQuery> queries, bool metrics) {
  auto endpoints = own_endpoints(metrics);
  std::vector<postgres::SharedResource> served;
  std::ranges::copy_if(resources, std::back_inserter(served), [&](const postgres::SharedResource& each) {
    return is_free(endpoints, "resource", each->resource.name, each->resource.path);
  });
  std::vector<postgres::SharedQuery> called;
  std::ranges::copy_if(queries, std::back_inserter(called), [&](const postgres::SharedQuery& each) {
    return is_free(endpoints, "query", each->query.name, each->query.path);
  });
  const auto document =
      std::make_shared<const std::string>(openapi_document(served, max_rows, called, metrics));
  for (auto& endpoint : endpoints) {
    if (endpoint.begin == begin_document) endpoint.document = document;
  }
  for (const auto& resource : served)
    add_resource(std::make_shared<const ResourcePages>(resource, served), max_rows, endpoints);
  for (const auto& query : called) endpoints.push_back(endpoint_of(query));
  return Router(std::move(endpoints), show_problem);
}

}  // namespace troupe::http
