#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "http/auth/rules.hpp"
#include "http/server/router.hpp"

namespace troupe::http {

/// All endpoints of the API, for a Server: health, metrics, the OpenAPI document, of each resource what its
/// methods allow, and the queries. What has a path that is one of ours is not reachable. `max_rows`: that one
/// body may have. `rules`: who may do what; null: everybody everything.
Router api_router(std::span<const postgres::SharedResource> resources, std::size_t max_rows,
                  std::span<const postgres::SharedQuery> queries = {},
                  std::shared_ptr<const Rules> rules = nullptr);

}  // namespace troupe::http
