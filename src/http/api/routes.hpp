#pragma once

#include <cstddef>
#include <span>

#include "http/server/router.hpp"

namespace troupe::http {

/// All endpoints of the API, for a Server: health, metrics, the OpenAPI document, and of each resource what
/// its methods allow. A resource whose path is one of ours is not reachable. `max_rows`: that one body may
/// have.
Router api_router(std::span<const postgres::SharedResource> resources, std::size_t max_rows);

}  // namespace troupe::http
