#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "http/server/router.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// All endpoints of the API, for a Server: health, metrics, the OpenAPI document, of each resource what its
/// methods allow, and the queries. What has a path that is one of ours is not reachable. `max_rows`: that one
/// body may have. `max_offset`: rows that a list may skip.
Router api_router(std::span<const postgres::SharedResource> resources, std::size_t max_rows,
                  std::span<const postgres::SharedQuery> queries = {},
                  std::uint64_t max_offset = LimitSettings{}.max_offset);

}  // namespace troupe::http
