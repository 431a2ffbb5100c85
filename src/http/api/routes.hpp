#pragma once

#include <cstddef>
#include <span>

#include "http/server/router.hpp"

namespace troupe::http {

/// All endpoints of the API, for a Server: health, metrics, the OpenAPI document, of each resource what its
/// methods allow, and the queries. `metrics`: /metrics is one of them. What has a path that is one of ours is
/// not reachable. `max_rows`: that one body may have.
Router api_router(std::span<const postgres::SharedResource> resources, std::size_t max_rows,
                  std::span<const postgres::SharedQuery> queries = {}, bool metrics = true);

}  // namespace troupe::http
