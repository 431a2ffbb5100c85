#pragma once

#include <span>

#include "http/server/router.hpp"

namespace troupe::http {

/// All endpoints of the API, for a Server: items, health, metrics, the OpenAPI document. Of static storage.
std::span<const Endpoint> api_endpoints();

}  // namespace troupe::http
