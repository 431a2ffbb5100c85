#include "http/api/routes.hpp"

#include "http/api/endpoints/endpoints.hpp"
#include "http/api/item_problems.hpp"

namespace troupe::http {

std::span<const Endpoint> api_endpoints() {
  constexpr auto rejected = item_rejected_by_database;
  static const Endpoint table[] = {
      {Method::post, "/items/", "POST /items/", begin_create_item, finish_create_item, rejected},
      {Method::get, "/items/", "GET /items/", begin_list_items, finish_list_items, rejected},
      {Method::get, "/items/{id}", "GET /items/{id}", begin_get_item, finish_with_item, rejected},
      {Method::put, "/items/{id}", "PUT /items/{id}", begin_replace_item, finish_with_item, rejected},
      {Method::patch, "/items/{id}", "PATCH /items/{id}", begin_change_item, finish_with_item, rejected},
      {Method::delete_, "/items/{id}", "DELETE /items/{id}", begin_delete_item, finish_delete_item, rejected},
      {Method::get, "/health/live", "GET /health/live", begin_health_live, nullptr},
      {Method::get, "/health/ready", "GET /health/ready", begin_health_ready, finish_health_ready},
      {Method::get, "/metrics", "GET /metrics", begin_metrics, nullptr},
      {Method::get, "/openapi.json", "GET /openapi.json", begin_openapi, nullptr},
  };
  return table;
}

}  // namespace troupe::http
