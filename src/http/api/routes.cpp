#include "http/api/routes.hpp"

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
#include "http/auth/gate.hpp"
#include "http/server/response_head.hpp"
#include "support/log_line.hpp"

namespace troupe::http {
namespace {

void add_resource(const std::shared_ptr<const ResourcePages>& pages, std::size_t max_rows,
                  std::uint64_t max_offset, std::vector<Endpoint>& endpoints) {
  const auto& resource = pages->resource();
  const auto add = [&](bool allowed, Operation operation, const char* method_name, const std::string& path,
                       Endpoint endpoint) {
    if (!allowed) return;
    endpoint.operation = operation;
    endpoint.path = path;
    endpoint.name = std::string(method_name) + ' ' + path;
    endpoint.resource = pages->served;
    endpoint.pages = pages;
    endpoint.max_rows = max_rows;
    endpoint.max_offset = max_offset;
    endpoints.push_back(std::move(endpoint));
  };
  const auto& can = resource.methods;
  add(can.create, Operation::create, "POST", resource.path,
      {Method::post, {}, {}, begin_create_rows, finish_create_rows, refused_change});
  add(can.list, Operation::list, "GET", resource.path,
      {Method::get, {}, {}, begin_list_rows, finish_list_rows, refused_list});
  if (resource.key.empty()) return;
  const auto row = row_path_of(resource);
  add(can.read, Operation::get, "GET", row,
      {Method::get, {}, {}, begin_read_row, finish_read_row, refused_read_of_row});
  add(can.replace, Operation::replace, "PUT", row,
      {Method::put, {}, {}, begin_replace_row, finish_replace_row, refused_replacement});
  add(can.change, Operation::update, "PATCH", row,
      {Method::patch, {}, {}, begin_change_row, finish_change_row, refused_change});
  add(can.remove, Operation::remove, "DELETE", row,
      {Method::delete_, {}, {}, begin_remove_row, finish_remove_row, refused_change});
}

std::vector<Endpoint> own_endpoints(bool metrics, bool with_login) {
  std::vector<Endpoint> endpoints;
  const auto add = [&](Operation operation, std::string_view subject, Endpoint endpoint) {
    endpoint.operation = operation;
    endpoint.subject = subject;
    endpoints.push_back(std::move(endpoint));
  };
  add(Operation::open, {}, {Method::get, "/health/live", "GET /health/live", begin_health_live});
  add(Operation::open, {}, {Method::get, "/health/ready", "GET /health/ready", begin_health_ready});
  if (metrics) add(Operation::get, "metrics", {Method::get, "/metrics", "GET /metrics", begin_metrics});
  add(Operation::get, "docs", {Method::get, "/openapi.json", "GET /openapi.json", begin_document});
  add(Operation::get, "docs", {Method::get, "/docs", "GET /docs", begin_docs});
  add(Operation::see, {}, {Method::get, "/", "GET /", begin_index});
  add(Operation::open, {}, {Method::get, script_path(), "GET /pages/script", begin_script});
  add(Operation::open, {}, {Method::get, style_path(), "GET /pages/style", begin_style});
  add(Operation::open, {},
      {Method::get, script_path_of(docs_page.script), "GET /pages/docs-script", begin_docs_script});
  add(Operation::open, {},
      {Method::get, style_path_of(docs_page.style), "GET /pages/docs-style", begin_docs_style});
  if (!with_login) return endpoints;
  add(Operation::open, {}, {Method::get, "/login", "GET /login", begin_login_form});
  add(Operation::open, {}, {Method::post, "/login", "POST /login", begin_login});
  add(Operation::open, {}, {Method::post, "/logout", "POST /logout", begin_logout});
  return endpoints;
}

Endpoint endpoint_of(const postgres::SharedQuery& served) {
  const auto& query = served->query;
  Endpoint endpoint{
      query.write ? Method::post : Method::get, query.path, {}, {}, finish_call_query, refused_call};
  endpoint.begin = query.write ? begin_call_writing_query : begin_call_query;
  endpoint.name = (query.write ? "POST " : "GET ") + query.path;
  endpoint.query = served;
  endpoint.operation = Operation::call;
  return endpoint;
}

/// Whether the path is none of ours.
bool is_free(const std::vector<Endpoint>& own, const char* what, const std::string& name,
             const std::string& path) {
  const bool ours =
      std::ranges::any_of(own, [&](const Endpoint& endpoint) { return endpoint.path + '/' == path; });
  if (ours) log_warn("{} {} is not served: {} is a path of the server's own", what, name, path);
  return !ours;
}

}  // namespace

Router api_router(std::span<const postgres::SharedResource> resources, std::size_t max_rows,
                  std::span<const postgres::SharedQuery> queries, const ApiOptions& options) {
  const auto& rules = options.rules;
  auto endpoints = own_endpoints(options.metrics, rules != nullptr);
  std::vector<postgres::SharedResource> served;
  std::ranges::copy_if(resources, std::back_inserter(served), [&](const postgres::SharedResource& each) {
    return is_free(endpoints, "resource", each->resource.name, each->resource.path);
  });
  std::vector<postgres::SharedQuery> called;
  std::ranges::copy_if(queries, std::back_inserter(called), [&](const postgres::SharedQuery& each) {
    return is_free(endpoints, "query", each->query.name, each->query.path);
  });
  for (const auto& resource : served)
    add_resource(std::make_shared<const ResourcePages>(resource, served), max_rows, options.max_offset,
                 endpoints);
  for (const auto& query : called) endpoints.push_back(endpoint_of(query));
  if (rules != nullptr) rules->resolve(endpoints);
  const auto guarded = rules == nullptr ? std::span<const Endpoint>() : std::span<const Endpoint>(endpoints);
  const auto document = std::make_shared<const std::string>(
      openapi_document(served, max_rows, called,
                       {.max_offset = options.max_offset, .metrics = options.metrics, .guarded = guarded}));
  for (auto& endpoint : endpoints) {
    if (endpoint.begin == begin_document) endpoint.document = document;
  }
  const auto useful = Rules::useful_roles(endpoints);
  Router router(std::move(endpoints), show_problem);
  if (rules != nullptr) router.guard(std::make_shared<const Gate>(rules, useful, about_now));
  return router;
}

}  // namespace troupe::http
